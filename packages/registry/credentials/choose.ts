import type { Credentials } from './credentials.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** The credentials of the inputs; null = none given. */
export interface Given {
  readonly login: Login | null
  /** The job's token. */
  readonly githubToken: string | null
  readonly actor: string
}

export interface Chosen {
  /** null = anonymous. */
  readonly credentials: Credentials | null
  /** For the log: their source, never their value. */
  readonly from: string
}

/** The given user, else docker's, else at ghcr.io the job's token: that token goes to no other registry. */
export async function chooseCredentials(
  registry: string,
  { login, githubToken, actor }: Given,
  fromDocker: (registry: string) => Promise<Credentials | null>,
): Promise<Chosen> {
  if (login !== null) return { credentials: { kind: 'basic', ...login }, from: 'username and password' }
  const known = await fromDocker(registry)
  if (known !== null) return { credentials: known, from: 'the docker configuration' }
  if (registry === 'ghcr.io' && githubToken !== null) {
    const own = {
      kind: 'basic',
      username: actor === '' ? 'x-access-token' : actor,
      password: githubToken,
    } as const
    return { credentials: own, from: 'github-token' }
  }
  return { credentials: null, from: 'none known, continuing anonymously' }
}

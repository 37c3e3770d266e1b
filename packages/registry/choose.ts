import type { Credentials } from './credentials.ts'

/** What the author of a workflow gave; '' where nothing was given. */
export interface Given {
  readonly username: string
  readonly password: string
  /** The job's token. */
  readonly githubToken: string
  readonly actor: string
}

export interface Chosen {
  /** null: nobody in particular. */
  readonly credentials: Credentials | null
  /** For the log: whose they are, never what they are. */
  readonly from: string
}

/** The given user, else docker's, else at ghcr.io the job's token: that token goes to no other registry. */
export async function chooseCredentials(
  registry: string,
  { username, password, githubToken, actor }: Given,
  fromDocker: (registry: string) => Promise<Credentials | null>,
): Promise<Chosen> {
  if (username !== '')
    return { credentials: { kind: 'basic', username, password }, from: 'username and password' }
  const known = await fromDocker(registry)
  if (known !== null) return { credentials: known, from: 'the docker configuration' }
  if (registry === 'ghcr.io' && githubToken !== '') {
    const own = {
      kind: 'basic',
      username: actor === '' ? 'x-access-token' : actor,
      password: githubToken,
    } as const
    return { credentials: own, from: 'github-token' }
  }
  return { credentials: null, from: 'nobody: no credentials are known' }
}

import type { Credentials } from '@alt-las/registry'
import type { Inputs } from './inputs.ts'

export interface Chosen {
  readonly credentials: Credentials | null
  /** For the log: whose they are, never what they are. */
  readonly from: string
}

export interface Identity {
  readonly actor: string
  /** What the docker configuration and its helpers know. */
  readonly fromDocker: (registry: string) => Promise<Credentials | null>
}

/** The inputs' own, else docker's, else at ghcr.io the job's token: that token goes to no other registry. */
export async function chooseCredentials(inputs: Inputs, { actor, fromDocker }: Identity): Promise<Chosen> {
  const { username, password, githubToken } = inputs
  const { registry } = inputs.image
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

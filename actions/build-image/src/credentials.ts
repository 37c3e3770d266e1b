import type { Credentials } from '@alt-las/registry'
import type { BuildInputs } from './inputs.ts'

/** The inputs' own, else docker's, else at ghcr.io the job's token: that token goes to no other registry. null for anonymous. */
export async function chooseCredentials(
  { image, username, password, githubToken }: BuildInputs,
  actor: string,
  fromDocker: (registry: string) => Promise<Credentials | null>,
): Promise<Credentials | null> {
  if (username !== '') return { kind: 'basic', username, password }
  const known = await fromDocker(image.registry)
  if (known !== null || image.registry !== 'ghcr.io' || githubToken === '') return known
  return { kind: 'basic', username: actor === '' ? 'x-access-token' : actor, password: githubToken }
}

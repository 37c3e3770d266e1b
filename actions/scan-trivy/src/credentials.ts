import type { Credentials } from '@alt-las/registry'
import type { ScanInputs } from './inputs.ts'

/** The inputs' own, else docker's, else at ghcr.io the job's token: that token goes to no other registry. null for anonymous. */
export async function chooseCredentials(
  registry: string,
  { username, password, githubToken }: ScanInputs,
  known: { readonly actor: string; readonly fromDocker: (registry: string) => Promise<Credentials | null> },
): Promise<Credentials | null> {
  if (username !== '') return { kind: 'basic', username, password }
  const found = await known.fromDocker(registry)
  if (found !== null || registry !== 'ghcr.io' || githubToken === '') return found
  return {
    kind: 'basic',
    username: known.actor === '' ? 'x-access-token' : known.actor,
    password: githubToken,
  }
}

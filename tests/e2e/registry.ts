import { join } from 'node:path'
import type { Digest } from '@alt-las/registry'
import { registryEndpoint } from '../../lab/addresses.ts'
import { repositoryAt } from '../../lab/base/registry.ts'

/** What the lab's registry holds, read by its own API. */
export interface Registry {
  tags(repository: string): Promise<readonly string[]>
  /** Digest that a tag points to; null where it does not exist. */
  digest(repository: string, tag: string): Promise<Digest | null>
}

export function registryIn(home: string): Registry {
  const open = (repository: string) =>
    repositoryAt({ endpoint: registryEndpoint, ca: join(home, 'pki', 'lab-ca.crt') }, repository)
  return {
    tags: async (repository) => (await open(repository).tags()).toSorted(),
    digest: (repository, tag) => open(repository).resolve(tag),
  }
}

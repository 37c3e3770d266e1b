import { readFileSync } from 'node:fs'
import { systemHttp } from '@alt-las/http'
import { openRepository, type Repository } from '@alt-las/registry'
import { systemClock } from '@alt-las/time'

/** Where the lab's registry listens, and a PEM file of the only authority that its clients trust. */
export interface RegistryDoor {
  readonly endpoint: string
  readonly ca: string
}

/** A repository of the lab's registry, which answers to every host's name and asks for no credentials. */
export function repositoryAt({ endpoint, ca }: RegistryDoor, repository: string): Repository {
  const options = {
    at: { registry: endpoint, repository },
    access: 'push',
    credentials: null,
    attempts: 3,
  } as const
  return openRepository(options, { http: systemHttp({ ca: readFileSync(ca) }), clock: systemClock })
}

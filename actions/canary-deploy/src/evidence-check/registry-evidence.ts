import { findProofs, type Found, type Trust } from '@alt-las/evidence'
import type { Http } from '@alt-las/http'
import {
  chooseCredentials,
  openRepository,
  parseReference,
  type Credentials,
  type Digest,
  type Given,
} from '@alt-las/registry'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'

/** Finds what is proven about an image, `repository@sha256:…`, in its registry. */
export type FindEvidence = (image: string, trust: Trust) => Promise<Found>

export interface RegistryPorts {
  readonly http: Http
  readonly clock: Clock
  readonly log: Pick<Log, 'line'>
  readonly interrupted: AbortSignal
  /** Credentials of the docker configuration and its helpers. */
  readonly fromDocker: (registry: string) => Promise<Credentials | null>
}

const attempts = 5

/** Reads evidence with the credentials of the inputs, else with those of docker. */
export function registryEvidence(given: Given, ports: RegistryPorts): FindEvidence {
  const { http, clock, log, interrupted, fromDocker } = ports
  return async (image, trust) => {
    const at = parseReference(image)
    const { credentials } = await chooseCredentials(at.registry, given, fromDocker)
    const options = {
      at,
      access: 'pull',
      credentials,
      attempts,
      signal: interrupted,
      onRetry: log.line,
    } as const
    return findProofs(openRepository(options, { http, clock }), at.digest as Digest, trust)
  }
}

import type { Credentials, Repository, RepositoryOptions } from '@alt-las/registry'
import type { Draft, Environment, Log, RunFiles } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { PushEvidence } from './outcome.ts'

/** The ports of a push. */
export interface Ports {
  readonly environment: Pick<Environment, 'actor' | 'ref' | 'sha' | 'eventName'>
  /** Credentials of the docker configuration and its helpers. */
  readonly fromDocker: (registry: string) => Promise<Credentials | null>
  readonly open: (options: RepositoryOptions) => Repository
  readonly files: Pick<RunFiles, 'readNamed' | 'kind' | 'find'>
  /** The identity token of the run, for keyless signatures. */
  readonly identityToken: () => Promise<string>
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
  /** A signal that aborts after this many ms. */
  readonly expire: (ms: number) => AbortSignal
  readonly draft: Draft<PushEvidence>
}

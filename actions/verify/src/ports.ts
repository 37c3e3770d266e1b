import type { Http } from '@alt-las/api-tests'
import type { Cluster } from '@alt-las/kubernetes'
import type { Draft, Log, RunFiles } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { ImageNames } from './health/images.ts'
import type { VerifyEvidence } from './outcome.ts'
import type { Tls } from './security/tls.ts'

export interface Ports {
  /** Connects at the first call. */
  readonly cluster: () => Cluster
  readonly registry: ImageNames
  readonly http: Http
  readonly tls: Tls
  readonly files: Pick<RunFiles, 'readNamed' | 'writeResult'>
  readonly clock: Clock
  readonly log: Log
  readonly draft: Draft<VerifyEvidence>
  readonly interrupted: AbortSignal
  /** Differs from run to run; lower-case letters and digits. */
  readonly unique: string
}

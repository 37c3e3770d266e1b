import type { Cluster } from '@alt-las/kubernetes'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { Files } from './api/suite.ts'
import type { ImageNames } from './health/images.ts'
import type { Http } from './http.ts'
import type { Tls } from './security/tls.ts'

export interface Ports {
  /** null where neither health nor security is asked for. */
  readonly cluster: Cluster | null
  readonly registry: ImageNames
  readonly http: Http
  readonly tls: Tls
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
  /** Differs from run to run; lower-case letters and digits. */
  readonly unique: string
}

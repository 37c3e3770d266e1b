import type { Cluster } from '@alt-las/kubernetes'
import type { Draft, Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { ImageNames } from './health/images.ts'
import type { Http } from './http.ts'
import type { VerifyEvidence } from './outcome.ts'
import type { Tls } from './security/tls.ts'

export interface Files {
  /** Throws a Failure where the file cannot be read. */
  read(path: string): Promise<string>
  /** Writes a result of this action; resolves to its path. */
  write(name: string, text: string): Promise<string>
}

export interface Ports {
  /** Connects at the first call. */
  readonly cluster: () => Cluster
  readonly registry: ImageNames
  readonly http: Http
  readonly tls: Tls
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
  readonly draft: Draft<VerifyEvidence>
  readonly interrupted: AbortSignal
  /** Differs from run to run; lower-case letters and digits. */
  readonly unique: string
}

import type { Http } from '@alt-las/api-tests'
import type { AccessReviews, Cluster, NodeProxy } from '@alt-las/kubernetes'
import type { Draft, Log, RunFiles } from '@alt-las/runner'
import type { Prometheus } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import type { ImageNames } from './health/images.ts'
import type { VerifyEvidence } from './outcome.ts'
import type { ImageReader } from './security/secrets/judge-images.ts'
import type { Tls } from './security/transport/tls.ts'

export interface Ports {
  /** Connects at the first call. */
  readonly cluster: () => Cluster
  /** Connects at the first call. */
  readonly access: () => AccessReviews
  /** The kubelets; connects at the first call. */
  readonly nodes: () => NodeProxy
  /** The source of `metrics-url`; called only where one is given. */
  readonly metrics: () => Prometheus
  /** Loki speaks Prometheus' protocol for questions about metrics. */
  readonly logStore: () => Prometheus
  readonly registry: ImageNames
  readonly images: ImageReader
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

import { Failure } from '@alt-las/failure'
import { prometheus, reach, type Address, type Prometheus, type Ways } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'

export interface MetricsSource {
  readonly address: Address
  /** Sent to an `https://` or `http://` address. */
  readonly token: string | null
}

/** The Prometheus of `metrics-url`. */
export function metricsSource(source: MetricsSource | null, ways: Ways, clock: Clock): Prometheus {
  if (source === null) throw new Failure('bug', 'no source of metrics was planned', { fault: 'ours' })
  const { address, token } = source
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  return prometheus(reach(address, { headers }, ways), clock)
}

/** The same source under a path before `/api/v1`: Loki answers Prometheus' questions under `/loki`. */
export function below(source: MetricsSource | null, path: string): MetricsSource | null {
  if (source === null) return null
  const { address } = source
  if (address.kind === 'http') return { ...source, address: { ...address, base: address.base + path } }
  return { ...source, address: { ...address, prefix: address.prefix + path } }
}

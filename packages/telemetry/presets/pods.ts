import { oneOf, selector, type Matcher } from '../series/selector.ts'
import { byStatus, type Backend, type Preset } from './preset.ts'

/**
 * The application's own metrics, scraped from its pods: `http_requests_total` with the status as `code`, `status`, `status_code` or
 * `http_status_code`, and `http_request_duration_seconds` as the histogram. A pod is identified by the label `pod` or by its address in `instance`.
 * Probes and scrapes are no traffic: with them a version without requests would look healthy. `up` is Prometheus' own (prometheus.io/docs, Jobs and
 * instances): a failed scrape is a sample 0.
 */
export const pods: Preset = {
  name: 'pods',
  scraped: 'the pods of both versions',
  heartbeat: ({ canary, stable }) =>
    ofPods('up', { namespace: stable.namespace, pods: [...canary.pods, ...stable.pods] }),
  beatsWithoutTraffic: true,
  requests: (backend) => ofPods('http_requests_total', backend, traffic),
  errors: null,
  ...byStatus(
    ({ code, status, status_code, http_status_code }) => code ?? status ?? status_code ?? http_status_code,
  ),
  latency: (backend) => [
    ...ofPods('http_request_duration_seconds_bucket', backend, traffic),
    ...ofPods('http_request_duration_seconds', backend, traffic),
  ],
  unit: 1,
}

const probes = '/(metrics|ping|(actuator/)?health|healthz?|livez?|readyz?|startupz?)(/.*)?'
const traffic = Object.fromEntries(
  ['route', 'path', 'handler', 'uri'].map((label) => [label, { notLike: probes }]),
)

/** Selectors for the series of these pods, however they are labelled; a series may fit both. */
export function ofPods(
  metric: string,
  { namespace, pods: all }: Pick<Backend, 'namespace' | 'pods'>,
  more: Readonly<Record<string, Matcher>> = {},
): readonly string[] {
  const names = oneOf(all.map(({ name }) => name))
  const ips = oneOf(all.flatMap(({ ip }) => (ip === '' ? [] : [ip])))
  return [
    ...(names === ''
      ? []
      : [selector(metric, { pod: { like: names }, namespace: { like: `${namespace}|` }, ...more })]),
    // By address only without the label `pod`: a gateway's series may have the same address.
    ...(ips === ''
      ? []
      : [selector(metric, { pod: '', instance: { like: `\\[?(${ips})\\]?(:\\d+)?` }, ...more })]),
  ]
}

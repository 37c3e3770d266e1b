/** A Service as the gateway routes to it. */
export interface Backend {
  readonly namespace: string
  readonly service: string
  readonly port: number
}

/** Selectors, to which the reader adds the range. */
export interface Preset {
  readonly name: string
  /** Exists once for each scraped target, with traffic or without: it tells when a scrape was. */
  readonly heartbeat: string
  /** Counters of finished requests, by code. */
  readonly requests: (backend: Backend) => string
  /** Cumulative buckets with `le` in seconds; null where the router has none. */
  readonly latency: ((backend: Backend) => string) | null
  readonly isError: (labels: Readonly<Record<string, string>>) => boolean
}

/** Traefik as Gateway API data plane, with `metrics.prometheus.addServicesLabels`. */
export const traefik: Preset = {
  name: 'traefik',
  heartbeat: 'traefik_config_last_reload_success',
  requests: (backend) => `traefik_service_requests_total{${traefikService(backend)}}`,
  latency: (backend) => `traefik_service_request_duration_seconds_bucket{${traefikService(backend)}}`,
  // 499 is a client that went away.
  isError: (labels) => /^5\d\d$/.test(labels['code'] ?? ''),
}

export const presets: Readonly<Record<string, Preset>> = { traefik }

// The scheme stands between name and port, so that `api` never takes in `api-canary`.
function traefikService({ namespace, service, port }: Backend): string {
  return `service=~"${namespace}-${service}-(http|https|h2c)-${String(port)}@kubernetesgateway"`
}

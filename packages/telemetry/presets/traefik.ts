import { oneOf, selector } from '../series/selector.ts'
import { byStatus, isClientGone, type Backend, type Preset } from './preset.ts'

/**
 * Traefik with `metrics.prometheus.addServicesLabels` (doc.traefik.io, Observability / Metrics), for routes of the Gateway API and for its own
 * objects (IngressRoute, TraefikService).
 */
export const traefik: Preset = {
  name: 'traefik',
  scraped: 'Traefik',
  heartbeat: () => ['traefik_config_last_reload_success'],
  beatsWithoutTraffic: true,
  requests: (backend) => [selector('traefik_service_requests_total', service(backend))],
  near: ({ namespace, service }) => [
    selector('traefik_service_requests_total', {
      service: {
        like: `${namespace}-${service}(-(http|https|h2c|grpc|tcp)-[a-z0-9]+@kubernetesgateway|-[a-z0-9]+@kubernetescrd)`,
      },
    }),
  ],
  errors: null,
  ...byStatus(({ code }) => code),
  isGivenUp: ({ code }) => isClientGone(code),
  latency: (backend) => [selector('traefik_service_request_duration_seconds_bucket', service(backend))],
  unit: 1,
}

// The separators between name and port, and after it, keep `api` from matching `api-canary`.
function service({ namespace, service, ports, names = [] }: Backend) {
  const port = `(${oneOf(ports)})`
  const ways = `-(http|https|h2c)-${port}@kubernetesgateway|-${port}@kubernetescrd`
  const own = `${namespace}-${service}(${ways})`
  // An IngressRoute with a single backend counts its requests under its own name.
  return { service: { like: [own, ...names.map((name) => `${name}@kubernetescrd`)].join('|') } }
}

import { selector } from '../series/selector.ts'
import { byStatus, isClientGone, type Backend, type Preset } from './preset.ts'

/**
 * ingress-nginx with a canary Ingress: requests to it keep the `service` of the main Ingress and carry `canary`, which is
 * `<namespace>-<service>-<port>` of the canary's backend (kubernetes/ingress-nginx, internal/ingress/metric/collectors/socket.go). Where
 * Prometheus does not honour labels, the exporter's `namespace` and `service` are found as `exported_…`.
 */
export const ingressNginx: Preset = {
  name: 'ingress-nginx',
  scraped: 'ingress-nginx',
  heartbeat: () => ['nginx_ingress_controller_config_last_reload_successful'],
  beatsWithoutTraffic: true,
  requests: (backend) => of('nginx_ingress_controller_requests', backend),
  errors: null,
  ...byStatus(({ status }) => status),
  isGivenUp: ({ status }) => isClientGone(status),
  latency: (backend) => of('nginx_ingress_controller_request_duration_seconds_bucket', backend),
  unit: 1,
}

function of(metric: string, { role, namespace, service }: Backend): readonly string[] {
  // A port may be named by number or by name.
  if (role === 'canary') return [selector(metric, { canary: { like: `${namespace}-${service}-[a-z0-9]+` } })]
  return [
    selector(metric, { namespace, service, canary: '' }),
    selector(metric, { exported_namespace: namespace, exported_service: service, canary: '' }),
  ]
}

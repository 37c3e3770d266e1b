import { oneOf, selector } from '../series/selector.ts'
import { byStatus, type Backend, type Preset } from './preset.ts'

/**
 * NGINX Gateway Fabric 2 with NGINX Plus: responses per upstream by class (docs.nginx.com, NGINX Gateway Fabric / Prometheus metrics; labels as
 * in nginx/agent, internal/collector/nginxplusreceiver/metadata.yaml). An upstream is `<namespace>_<service>_<port>`. NGINX Open Source
 * counts requests over all upstreams only: use `pods` there. Latency is an average, which no test can use.
 */
export const nginxGatewayFabric: Preset = {
  name: 'nginx-gateway-fabric',
  scraped: 'the NGINX Plus pods of NGINX Gateway Fabric',
  heartbeat: () => ['nginx_http_requests_total'],
  beatsWithoutTraffic: true,
  requests: ({ namespace, service, ports }) => [
    selector('nginx_http_upstream_peer_responses_total', {
      nginx_upstream_name: { like: `${upstream(namespace, service, ports)}(_.*)?` },
    }),
  ],
  errors: null,
  ...byStatus((labels) => labels['nginx_status_range']),
  latency: null,
  unit: 1,
}

const upstream = (namespace: Backend['namespace'], service: string, ports: readonly string[]): string =>
  `${namespace}_${service}_(${oneOf(ports)})`

import { oneOf, selector } from '../series/selector.ts'
import type { Backend, Preset } from './preset.ts'

/**
 * Envoy Gateway with `spec.telemetry.metrics.enablePerEndpointStats: true` in its EnvoyProxy. All backends of a rule are one cluster of Envoy
 * (`httproute/<namespace>/<route>/rule/<n>`; github.com/envoyproxy/gateway, issue 7008), so only the pods' addresses identify the versions
 * (`envoy_cluster_endpoint_rq_success` and `_rq_error`, 5xx and resets, by `envoy_endpoint_address`; github.com/envoyproxy/envoy, pull
 * request 29709). Envoy has no latency per endpoint.
 */
export const envoyGateway: Preset = {
  name: 'envoy-gateway',
  scraped: 'the Envoy proxies with enablePerEndpointStats',
  heartbeat: ({ canary, stable }) => [...requests(stable), ...requests(canary)],
  // Endpoints have their series as soon as Envoy knows them.
  beatsWithoutTraffic: true,
  requests,
  errors: null,
  isError: (labels) => labels['__name__'] === 'envoy_cluster_endpoint_rq_error',
  latency: null,
  unit: 1,
}

function requests({ namespace, pods }: Backend): readonly string[] {
  const ips = pods.flatMap(({ ip }) => (ip === '' ? [] : [ip]))
  if (ips.length === 0) return []
  const labels = {
    envoy_cluster_name: { like: `(http|grpc)route/${namespace}/.+` },
    envoy_endpoint_address: { like: `\\[?(${oneOf(ips)})\\]?:\\d+` },
  }
  return [
    selector('envoy_cluster_endpoint_rq_success', labels),
    selector('envoy_cluster_endpoint_rq_error', labels),
  ]
}

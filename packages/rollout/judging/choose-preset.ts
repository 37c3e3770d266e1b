import { unlessRefused, type Cluster, type HTTPRoute } from '@alt-las/kubernetes'
import { type Preset, presets } from '@alt-las/telemetry'
import type { Plan } from '../model/plan.ts'

/** Controllers of the Gateway API by their GatewayClass' `controllerName`. */
const controllers: Readonly<Record<string, string>> = {
  'traefik.io/gateway-controller': 'traefik',
  'istio.io/gateway-controller': 'istio',
  'gateway.envoyproxy.io/gatewayclass-controller': 'envoy-gateway',
  'gateway.nginx.org/nginx-gateway-controller': 'nginx-gateway-fabric',
}

/** The preset of the router; of a Gateway API route, that of the controller that has accepted it. */
export async function choosePreset(plan: Plan, cluster: Pick<Cluster, 'list'>): Promise<Preset> {
  return presets[await nameFor(plan, cluster)] ?? fallback
}

async function nameFor(plan: Plan, cluster: Pick<Cluster, 'list'>): Promise<string> {
  switch (plan.router) {
    case 'traefik':
    case 'istio':
      return plan.router
    case 'replicas':
    case 'none':
      return 'pods'
    case 'service':
      // The gateway counts its own traffic; without one the pods count.
      // Without permission to list routes, no route can be used.
      return (
        (await unlessRefused(() => controllerOf(plan, cluster), { forbidden: null, 'not-found': null })) ??
        'pods'
      )
    case 'gateway-api':
      return (await controllerOf(plan, cluster)) ?? 'traefik'
  }
}

async function controllerOf({ namespace, service }: Plan, cluster: Pick<Cluster, 'list'>) {
  const at = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', namespace }
  const routes = (await cluster.list<HTTPRoute>(at)).filter(({ spec }) =>
    spec.rules?.some((rule) => rule.backendRefs?.some(({ name }) => name === service)),
  )
  const names = routes.flatMap(({ status }) => status?.parents?.map((one) => one.controllerName ?? '') ?? [])
  return names.map((name) => controllers[name]).find((name) => name !== undefined)
}

const fallback = presets['traefik'] as Preset

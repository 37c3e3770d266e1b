import type { RouterKind } from '../plan.ts'
import { gatewayApi } from './gateway-api.ts'
import type { Router, RouterCluster } from './router.ts'
import { serviceSwitch } from './service-switch.ts'

/** The router of that kind over this cluster. */
export function routerFor(kind: RouterKind, cluster: RouterCluster): Router {
  switch (kind) {
    case 'gateway-api':
      return gatewayApi(cluster)
    case 'service':
      return serviceSwitch(cluster)
    case 'none':
      return noRouter
    case 'traefik':
    case 'istio':
    case 'replicas':
      throw new Error(`router ${kind} is not built`)
  }
}

/** A rolling update moves no weights. */
const noRouter: Router = {
  see: () =>
    Promise.resolve({ rules: [], weight: 0, hasCanary: false, accepted: true, because: 'no weights' }),
  split: () => Promise.resolve(),
  restore: () => Promise.resolve(),
  retreat: () => Promise.resolve([]),
}

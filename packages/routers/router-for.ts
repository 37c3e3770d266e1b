import { httpRoutes } from './gateway-api.ts'
import { virtualServices } from './istio.ts'
import { replicaShare } from './replicas.ts'
import type { RouterKind } from './router-kind.ts'
import type { Router, RouterCluster } from './router.ts'
import { routesRouter } from './routes.ts'
import { serviceSwitch } from './service-switch.ts'
import { ingressRoutes, traefikServices } from './traefik.ts'

/** The router of that kind over this cluster. */
export function routerFor(kind: RouterKind, cluster: RouterCluster): Router {
  switch (kind) {
    case 'gateway-api':
      return routesRouter([httpRoutes], cluster)
    case 'traefik':
      return routesRouter([ingressRoutes, traefikServices], cluster)
    case 'istio':
      return routesRouter([virtualServices], cluster)
    case 'replicas':
      return replicaShare(cluster)
    case 'service':
      return serviceSwitch(cluster)
    case 'none':
      return noRouter
  }
}

/** A rolling update moves no weights. */
const noRouter: Router = {
  observe: () =>
    Promise.resolve({
      rules: [],
      weight: 0,
      hasCanary: false,
      accepted: true,
      sticky: false,
      because: 'no weights',
    }),
  split: () => Promise.resolve(),
  restore: () => Promise.resolve(),
  resetPatches: () => Promise.resolve([]),
}

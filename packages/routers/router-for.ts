import { noAudience } from './port/audience.ts'
import { httpRoutes } from './routes/gateway-api.ts'
import { virtualServices } from './routes/istio.ts'
import { replicaShare } from './selector/replicas.ts'
import type { RouterKind } from './port/router-kind.ts'
import type { Router, RouterCluster } from './port/router.ts'
import { routesRouter } from './routes/routes.ts'
import { serviceSwitch } from './selector/service-switch.ts'
import { ingressRoutes, traefikServices } from './routes/traefik.ts'

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
  sendAudience: () => Promise.reject(noAudience('a rolling update')),
  restore: () => Promise.resolve(),
  resetPatches: () => Promise.resolve([]),
}

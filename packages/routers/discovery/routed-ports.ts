import { unlessRefused, type Cluster } from '@alt-las/kubernetes'
import { discoverRoutes } from './discover-routes.ts'
import { routeKindsOf } from '../routes/routed-kinds.ts'
import type { RouterKind } from '../port/router-kind.ts'
import type { Split } from '../port/split.ts'

/** How gateways name what comes to the split's Service by its live routes. */
export interface Routed {
  /** Ports of the Service, by number or by name as the routes have them. */
  readonly ports: readonly string[]
  /** Names of routes that gateways count in place of the Service, while it is their only backend. */
  readonly names: readonly string[]
}

/** What live routes send to the split's Service; nothing where no route does. */
export async function routedBackends(
  split: Split & { readonly router: RouterKind },
  cluster: Pick<Cluster, 'list'>,
): Promise<Routed> {
  // Of pods that share by their number, the pods themselves count.
  if (split.router === 'replicas') return { ports: [], names: [] }
  // What a selector switches may come through a gateway all the same.
  const kinds = routeKindsOf(split.router)
  const found = await Promise.all(
    (kinds.length > 0 ? kinds : routeKindsOf('gateway-api')).map(async (kind) => {
      const list = () => discoverRoutes(kind, split.namespace, cluster)
      return kind.find(await unlessRefused(list, kinds.length === 0 ? { forbidden: [] } : {}), split)
    }),
  )
  const routes = found.flat()
  return {
    ports: [...new Set(routes.flatMap(({ ports }) => ports.map(String)))],
    names: [...new Set(routes.flatMap(({ names }) => names))],
  }
}

/** Its ports alone. */
export const routedPorts = async (
  split: Split & { readonly router: RouterKind },
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly string[]> => (await routedBackends(split, cluster)).ports

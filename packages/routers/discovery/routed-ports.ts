import { unlessRefused, type Cluster } from '@alt-las/kubernetes'
import { discoverRoutes } from './discover-routes.ts'
import { routeKindsOf } from '../routes/routed-kinds.ts'
import type { RouterKind } from '../port/router-kind.ts'
import type { Split } from '../port/split.ts'

/** The ports of the split's Service that live routes send to, by number or by name as they have it; none where no route does. */
export async function routedPorts(
  split: Split & { readonly router: RouterKind },
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly string[]> {
  // Of pods that share by their number, the pods themselves count.
  if (split.router === 'replicas') return []
  // What a selector switches may come through a gateway all the same.
  const kinds = routeKindsOf(split.router)
  const found = await Promise.all(
    (kinds.length > 0 ? kinds : routeKindsOf('gateway-api')).map(async (kind) => {
      const list = () => discoverRoutes(kind, split.namespace, cluster)
      return kind.find(await unlessRefused(list, kinds.length === 0 ? { forbidden: [] } : {}), split)
    }),
  )
  return [...new Set(found.flat().flatMap(({ ports }) => ports.map(String)))]
}

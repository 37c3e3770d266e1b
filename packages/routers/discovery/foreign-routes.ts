import { unlessRefused, type Cluster, type KubeObject } from '@alt-las/kubernetes'
import { discoverRoutes } from './discover-routes.ts'
import { backendRefKind } from '../weights/backend-refs.ts'
import { httpRoutes } from '../routes/gateway-api.ts'
import { routeKindsOf } from '../routes/routed-kinds.ts'
import type { RouterKind } from '../port/router-kind.ts'
import type { Split } from '../port/split.ts'

interface ReferenceGrant extends KubeObject {
  readonly spec?: {
    readonly from?: readonly { readonly kind?: string; readonly namespace?: string }[]
    readonly to?: readonly { readonly kind?: string; readonly name?: string }[]
  }
}

/**
 * Routes of other namespaces that send to the split's Service, which a ReferenceGrant of its namespace has to allow: their traffic is not split.
 * By the namespace where its routes may not be listed. None where grants may not be listed.
 */
export async function foreignRoutes(
  split: Split & { readonly router: RouterKind },
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly string[]> {
  if (split.router !== 'gateway-api') return []
  const { namespace, service } = split
  const at = { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant', namespace }
  const grants = await unlessRefused(() => cluster.list<ReferenceGrant>(at), {
    forbidden: [],
    'not-found': [],
  })
  const from = grants
    .filter(({ spec }) =>
      spec?.to?.some(({ kind, name = service }) => kind === 'Service' && name === service),
    )
    .flatMap(({ spec }) => spec?.from ?? [])
    .filter(({ kind }) => kind === 'HTTPRoute')
    .flatMap((one) => one.namespace ?? [])
  const others = [...new Set(from)].filter((one) => one !== namespace)
  const found = await Promise.all(others.map((other) => routesIn(other, split, cluster)))
  return found.flat()
}

async function routesIn(
  other: string,
  split: Split,
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly string[]> {
  const [kind] = routeKindsOf('gateway-api')
  const routes =
    kind === undefined
      ? []
      : await unlessRefused(() => discoverRoutes(kind, other, cluster), { forbidden: null, 'not-found': [] })
  if (routes === null) return [`routes of the namespace ${other}`]
  return routes
    .filter((one) =>
      httpRoutes
        .rules(one)
        .some(({ refs }) =>
          refs.some((ref) => ref.namespace !== undefined && backendRefKind.is(ref, split.service, split)),
        ),
    )
    .map(({ metadata }) => `HTTPRoute ${other}/${metadata.name}`)
}

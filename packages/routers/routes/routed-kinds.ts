import type { KubeObject } from '@alt-las/kubernetes'
import type { AudienceProblem } from '../audience/audience-form.ts'
import { audienceProblem } from './audience-rules.ts'
import { httpRoutes } from './gateway-api.ts'
import { virtualServices } from './istio.ts'
import { type RouteKind, type RoutedService, matching } from './route-kind.ts'
import type { RouterKind } from '../port/router-kind.ts'
import { ingressRoutes, traefikServices } from './traefik.ts'

/** Facts about a kind of route, without its backends. */
export interface RoutedKind extends Pick<RouteKind<never>, 'apiVersion' | 'kind' | 'resource' | 'field'> {
  /** The objects that send to the target's service, with the smallest share in percent that all their rules support. */
  find(objects: readonly KubeObject[], target: RoutedService): readonly DiscoveredRoute[]
}

export interface DiscoveredRoute {
  readonly object: KubeObject
  readonly smallest: number
  /** Ports of the target's service that its rules send to, as they name them. */
  readonly ports: readonly (number | string)[]
  /** Names under which the gateway counts those of its rules that have the target's service as their only backend. */
  readonly names: readonly string[]
  /** Why its rules cannot tell the target's audience apart; null if they can, or without an audience. */
  readonly audience: AudienceProblem | null
}

/** The routers that set weights in objects, in the order of detection. */
export const weighingRouters = ['gateway-api', 'traefik', 'istio'] as const

export type WeighingRouter = (typeof weighingRouters)[number]

/** The kinds of objects whose weights the router sets; may be none. */
export function routeKindsOf(router: RouterKind): readonly RoutedKind[] {
  return router in routedKinds ? routedKinds[router as WeighingRouter] : []
}

const routedKind = <T>(kind: RouteKind<T>): RoutedKind => ({
  apiVersion: kind.apiVersion,
  kind: kind.kind,
  resource: kind.resource,
  field: kind.field,
  find: (objects, target) =>
    matching(objects, kind, target).map(({ object, rules, audience }) => ({
      object,
      audience: audienceProblem({ kind, object, rules, audience }, target),
      ports: rules.flatMap(({ refs }) =>
        refs
          .filter((ref) => kind.backend.is(ref, target.service, target))
          .flatMap((ref) => kind.backend.port(ref) ?? []),
      ),
      names: rules.flatMap(({ index, refs }) =>
        refs.length === 1 && kind.countedAs !== undefined ? [kind.countedAs(object, index)] : [],
      ),
      smallest: Math.max(...rules.map(({ refs }) => kind.smallest(refs, target))),
    })),
})

const routedKinds: Readonly<Record<WeighingRouter, readonly RoutedKind[]>> = {
  'gateway-api': [routedKind(httpRoutes)],
  traefik: [routedKind(ingressRoutes), routedKind(traefikServices)],
  istio: [routedKind(virtualServices)],
}

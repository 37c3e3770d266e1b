import type { Condition, HTTPRoute, Service } from '@alt-las/kubernetes'
import { textOf, type Round } from './round/round.ts'

const controllerName = 'traefik.io/gateway-controller'

/** The gateway's controller: accepts every route, and resolves its backends where their Services are there. */
export function routes(round: Round): void {
  const services = new Set(round.of<Service>('Service').map(({ metadata }) => placeOf(metadata)))
  for (const route of round.of<HTTPRoute>('HTTPRoute')) {
    const observedGeneration = route.metadata.generation ?? 1
    const backends = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs)
    const missing = backends.find(
      ({ kind = 'Service', name, namespace = route.metadata.namespace }) =>
        kind === 'Service' && !services.has(placeOf({ name, namespace })),
    )
    const resolved: RouteVerdict =
      missing === undefined
        ? { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' }
        : { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' }
    const verdicts = [{ type: 'Accepted', status: 'True', reason: 'Accepted' } as const, resolved]
    const before = route.status?.parents?.[0]?.conditions ?? []
    const conditions = verdicts.map((one) => ({ ...since(one, before, round), observedGeneration }))
    const parents = (route.spec.parentRefs ?? []).map((parentRef) => ({
      parentRef,
      controllerName,
      conditions,
    }))
    round.put({ ...route, status: { parents } } as HTTPRoute)
  }
}

type RouteVerdict = Pick<Condition, 'type' | 'status' | 'reason'>

const placeOf = ({
  name,
  namespace = 'default',
}: {
  readonly name: string
  readonly namespace?: string | undefined
}) => `${namespace}/${name}`

function since(verdict: RouteVerdict, before: readonly Condition[], round: Round): Condition {
  const same = before.find(({ type, status }) => type === verdict.type && status === verdict.status)
  return { ...verdict, message: '', lastTransitionTime: same?.lastTransitionTime ?? textOf(round.now) }
}

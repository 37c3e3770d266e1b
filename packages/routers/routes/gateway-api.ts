import type { BackendRef, Condition, HTTPRoute, ParentRef } from '@alt-las/kubernetes'
import { gatewayApiAudience } from '../audience/gateway-api-audience.ts'
import type { RouteKind } from './route-kind.ts'
import { backendRefKind, backendRefs } from '../weights/backend-refs.ts'

/** Weights of HTTPRoute backends. */
export const httpRoutes: RouteKind<BackendRef> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  resource: 'httproutes',
  field: 'rules',
  rules: (object) =>
    ((object as HTTPRoute).spec.rules ?? []).map((rule, index) => ({
      names: rule.name === undefined ? [] : [rule.name],
      path: `/spec/rules/${index}/backendRefs`,
      refs: rule.backendRefs ?? [],
      sticky: 'sessionPersistence' in rule,
    })),
  backend: backendRefKind,
  weigher: backendRefs,
  // The canary stays in the rule: the gateway keeps its connections while they drain.
  atZero: (refs, pair) => backendRefs.splitRefs(refs, pair, 0),
  smallest: () => 0.1,
  notAccepted: (object) => notAccepted(object as HTTPRoute),
  accepted: 'accepted',
  audience: gatewayApiAudience,
}

/**
 * Why the gateway has not accepted the newest state of the route; null when every parent that the route names has. Others may have left a status,
 * for a parent that the route does not name any more or of a controller that is gone: it says nothing.
 */
function notAccepted({ metadata, spec, status }: HTTPRoute): string | null {
  const namespace = metadata.namespace ?? ''
  for (const parent of spec.parentRefs ?? []) {
    const named = parentKey(parent, namespace)
    const said = (status?.parents ?? []).filter(({ parentRef }) => parentKey(parentRef, namespace) === named)
    const problems = said.map(({ conditions = [] }) => problemOf(conditions, metadata.generation ?? 0))
    const [first] = problems
    if (first === undefined) return `HTTPRoute ${metadata.name}: no gateway has accepted it yet`
    if (first !== null && !problems.includes(null)) return `HTTPRoute ${metadata.name}${first}`
  }
  return null
}

/** The defaults of the API server and those that a controller writes out are the same. */
const parentKey = (ref: ParentRef, namespace: string): string =>
  [
    ref.group ?? 'gateway.networking.k8s.io',
    ref.kind ?? 'Gateway',
    ref.namespace ?? namespace,
    ref.name,
    ref.sectionName ?? '',
    ref.port ?? '',
  ].join('/')

function problemOf(conditions: readonly Condition[], generation: number): string | null {
  for (const type of ['Accepted', 'ResolvedRefs']) {
    const found = conditions.find((one) => one.type === type)
    if (found === undefined || (found.observedGeneration ?? 0) < generation)
      return ': the gateway has not observed its newest generation yet'
    if (found.status !== 'True')
      return ` is not ${type}: ${found.message ?? found.reason ?? 'no reason given'}`
  }
  return null
}

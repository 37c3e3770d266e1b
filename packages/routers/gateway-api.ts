import type { BackendRef, HTTPRoute } from '@alt-las/kubernetes'
import type { RouteKind } from './route-kind.ts'
import { backendRefKind, backendRefs } from './weights.ts'

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
}

/** Why the gateway has not accepted the newest state of the route; null when every parent has. */
function notAccepted({ metadata, spec, status }: HTTPRoute): string | null {
  const parents = status?.parents ?? []
  if (parents.length < (spec.parentRefs ?? []).length)
    return `HTTPRoute ${metadata.name}: no gateway has accepted it yet`
  for (const { conditions = [] } of parents) {
    for (const type of ['Accepted', 'ResolvedRefs']) {
      const found = conditions.find((one) => one.type === type)
      if (found === undefined || (found.observedGeneration ?? 0) < (metadata.generation ?? 0))
        return `HTTPRoute ${metadata.name}: the gateway has not observed its newest generation yet`
      if (found.status !== 'True')
        return `HTTPRoute ${metadata.name} is not ${type}: ${found.message ?? found.reason ?? 'no reason given'}`
    }
  }
  return null
}

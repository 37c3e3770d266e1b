import type { At, BackendRef, Cluster, HTTPRoute, JsonPatch } from '@alt-las/kubernetes'
import type { Plan } from '../plan.ts'
import type { RouteBefore } from '../rollout.ts'
import { swap } from '../swap.ts'
import type { Router } from './router.ts'
import { isBackend, shareOf, splitRefs, withoutCanary, type Pair } from './weights.ts'

/** Weights of HTTPRoute backends. Each write tests the backends that were read: who else wrote in between is not overwritten. */
export function gatewayApi(cluster: Pick<Cluster, 'list' | 'patch'>): Router {
  const read = async (plan: Plan) => matching(await cluster.list<HTTPRoute>(allRoutes(plan)), plan)
  return {
    see: async (plan) => {
      const routes = await read(plan)
      const rules = routes.flatMap(({ rules }) => rules)
      const shares = new Set(rules.map((rule) => shareOf(rule.backendRefs, plan)))
      const waiting = routes.map(({ route }) => notAccepted(route)).filter((one) => one !== null)
      return {
        rules,
        weight: shares.size > 1 ? null : ([...shares][0] ?? 0),
        hasCanary: rules.some(({ backendRefs }) => namesCanary(backendRefs, plan)),
        accepted: waiting.length === 0,
        because: waiting[0] ?? 'accepted',
      }
    },
    split: async (plan, percent) => {
      for (const found of await read(plan))
        await write(found, (refs) => splitRefs(refs, plan, percent), cluster)
    },
    retreat: async (plan) =>
      (await read(plan)).map(({ route, rules }) => ({
        at: at(route),
        operations: rules.map(({ rule, backendRefs }) => ({
          op: 'replace',
          path: pathOf(rule),
          value: splitRefs(backendRefs, plan, 0),
        })),
      })),
    restore: async (plan, before) => {
      for (const found of await read(plan))
        await write(
          found,
          (refs, rule) =>
            restored(
              refs,
              before.find((one) => isSame(one, rule)),
              plan,
            ),
          cluster,
        )
    },
  }
}

/** The rules of the routes that send to the plan's service; `route` narrows them to one route, or one rule of it. */
export function matching(
  routes: readonly HTTPRoute[],
  plan: Pair & { readonly route: string | null },
): readonly Found[] {
  const [only, onlyRule] = plan.route?.split('/') ?? []
  return routes
    .filter((route) => only === undefined || route.metadata.name === only)
    .map((route) => ({
      route,
      rules: (route.spec.rules ?? []).flatMap((rule, index) => {
        const named = onlyRule === undefined || onlyRule === rule.name || onlyRule === String(index)
        const backendRefs = rule.backendRefs ?? []
        const sends = backendRefs.some((ref) => isBackend(ref, plan.service, plan))
        return named && sends
          ? [{ kind: 'HTTPRoute', name: route.metadata.name, rule: index, backendRefs }]
          : []
      }),
    }))
    .filter(({ rules }) => rules.length > 0)
}

export interface Found {
  readonly route: HTTPRoute
  readonly rules: readonly RouteBefore[]
}

const pathOf = (rule: number) => `/spec/rules/${String(rule)}/backendRefs`

type Change = (refs: readonly BackendRef[], rule: RouteBefore) => readonly BackendRef[]

async function write(
  { route, rules }: Found,
  change: Change,
  cluster: Pick<Cluster, 'patch'>,
): Promise<void> {
  const operations = rules.flatMap((rule): JsonPatch[] => {
    const path = pathOf(rule.rule)
    const value = change(rule.backendRefs, rule)
    if (JSON.stringify(value) === JSON.stringify(rule.backendRefs)) return []
    return [
      { op: 'test', path, value: rule.backendRefs },
      { op: 'replace', path, value },
    ]
  })
  if (operations.length > 0) await swap(at(route), operations, cluster)
}

/** Exactly what was there; where others have changed the rule since, only the canary goes. */
function restored(
  refs: readonly BackendRef[],
  before: RouteBefore | undefined,
  pair: Pair,
): readonly BackendRef[] {
  if (!namesCanary(refs, pair)) return refs
  const rest = withoutCanary(refs, pair)
  const names = (list: readonly BackendRef[]) => list.map((ref) => ref.name).join(' ')
  return before !== undefined && names(before.backendRefs) === names(rest) ? before.backendRefs : rest
}

/** Why the gateway has not taken over the newest state of the route; null when every parent has. */
function notAccepted({ metadata, spec, status }: HTTPRoute): string | null {
  const parents = status?.parents ?? []
  if (parents.length < (spec.parentRefs ?? []).length)
    return `HTTPRoute ${metadata.name}: no gateway has taken it up yet`
  for (const { conditions = [] } of parents) {
    for (const type of ['Accepted', 'ResolvedRefs']) {
      const found = conditions.find((one) => one.type === type)
      if (found === undefined || (found.observedGeneration ?? 0) < (metadata.generation ?? 0))
        return `HTTPRoute ${metadata.name}: the gateway has not seen its newest state yet`
      if (found.status !== 'True')
        return `HTTPRoute ${metadata.name} is not ${type}: ${found.message ?? found.reason ?? 'no reason given'}`
    }
  }
  return null
}

const namesCanary = (refs: readonly BackendRef[], pair: Pair) =>
  refs.some((ref) => isBackend(ref, pair.canaryService, pair))

const isSame = (a: RouteBefore, b: RouteBefore) => a.name === b.name && a.rule === b.rule

const allRoutes = ({ namespace }: Pair): At => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  namespace,
})

const at = ({ apiVersion, kind, metadata }: HTTPRoute): At => ({
  apiVersion: apiVersion || 'gateway.networking.k8s.io/v1',
  kind: kind || 'HTTPRoute',
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
})

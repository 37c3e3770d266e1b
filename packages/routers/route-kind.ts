import type { At, KubeObject } from '@alt-las/kubernetes'
import type { OriginalRule } from './router.ts'
import type { BackendKind, Pair, Weigher } from './weigher.ts'

/** One list of backends in an object; `T` is a backend as this kind writes it. */
export interface Rule<T> {
  /** How `route: name/rule` may call it. */
  readonly names: readonly string[]
  /** Where the backends are, as in a JSON patch. */
  readonly path: string
  readonly refs: readonly T[]
  /** Clients stay with the version that they met first. */
  readonly sticky: boolean
}

/** One kind of object whose weights split traffic. */
export interface RouteKind<T> {
  readonly apiVersion: string
  readonly kind: string
  /** RBAC's plural. */
  readonly resource: string
  /** The field of `spec` that holds the rules: who owns it, owns the weights. */
  readonly field: string
  readonly rules: (object: KubeObject) => readonly Rule<T>[]
  readonly backend: BackendKind<T>
  readonly weigher: Weigher<T>
  /** The backends at weight 0. */
  readonly atZero: (refs: readonly T[], pair: Pair) => readonly T[]
  /** The smallest share of the rule that can be written, in percent. */
  readonly smallest: (refs: readonly T[], pair: Pair) => number
  /** Why the controller has not taken over the newest state; null where it has, or where it never says. */
  readonly notAccepted: (object: KubeObject) => string | null
  /** What read-back means where `notAccepted` is null. */
  readonly accepted: string
}

/** What names the rules of a rollout. */
export interface Target extends Pair {
  /** `name` or `name/rule`; null = every rule whose backend is `service`. */
  readonly route: string | null
}

export interface FoundRule<T> extends Rule<T> {
  readonly asFound: OriginalRule
}

export interface Found<T> {
  readonly object: KubeObject
  readonly rules: readonly FoundRule<T>[]
}

/** The rules of these objects that send to the target's service. */
export function matching<T>(
  objects: readonly KubeObject[],
  kind: RouteKind<T>,
  target: Target,
): readonly Found<T>[] {
  const [only, onlyRule] = target.route?.split('/') ?? []
  return objects
    .filter((object) => object.kind === kind.kind || object.kind === '')
    .filter(({ metadata }) => (metadata.namespace ?? target.namespace) === target.namespace)
    .filter(({ metadata }) => only === undefined || metadata.name === only)
    .map((object) => ({
      object,
      rules: kind.rules(object).flatMap((rule, index): FoundRule<T>[] => {
        const named = onlyRule === undefined || onlyRule === String(index) || rule.names.includes(onlyRule)
        const sends = rule.refs.some((ref) => kind.backend.is(ref, target.service, target))
        const asFound = { kind: kind.kind, name: object.metadata.name, rule: index, backendRefs: rule.refs }
        return named && sends ? [{ ...rule, asFound }] : []
      }),
    }))
    .filter(({ rules }) => rules.length > 0)
}

export const allOf = (
  { apiVersion, kind }: Pick<RouteKind<never>, 'apiVersion' | 'kind'>,
  namespace: string,
): At => ({
  apiVersion,
  kind,
  namespace,
})

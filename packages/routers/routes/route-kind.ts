import type { At, KubeObject } from '@alt-las/kubernetes'
import type { AudienceForm } from '../audience/audience-form.ts'
import { headerMatchOf } from '../audience/header-match.ts'
import type { Audience } from '../port/audience.ts'
import type { OriginalRule } from '../port/router.ts'
import type { BackendKind, Pair, Weigher } from '../weights/weigher.ts'

/** One list of backends in an object; `T` is a backend as this kind writes it. */
export interface Rule<T> {
  /** Its name in `route: name/rule`. */
  readonly names: readonly string[]
  /** Where the backends are, as in a JSON patch. */
  readonly path: string
  readonly refs: readonly T[]
  /** Sticky sessions: clients stay with their first version. */
  readonly sticky: boolean
}

/** One kind of object whose weights split traffic. */
export interface RouteKind<T> {
  readonly apiVersion: string
  readonly kind: string
  /** RBAC's plural. */
  readonly resource: string
  /** The field of `spec` with the rules: its owner owns the weights. */
  readonly field: string
  readonly rules: (object: KubeObject) => readonly Rule<T>[]
  readonly backend: BackendKind<T>
  readonly weigher: Weigher<T>
  /** The backends at weight 0. */
  readonly atZero: (refs: readonly T[], pair: Pair) => readonly T[]
  /** The smallest share of the rule that can be written, in percent. */
  readonly smallest: (refs: readonly T[], pair: Pair) => number
  /** Why the controller has not accepted the newest state; null if it has, or never reports. */
  readonly notAccepted: (object: KubeObject) => string | null
  /** The meaning of the read-back if `notAccepted` is null. */
  readonly accepted: string
  /** The name under which the gateway counts the requests of a rule with a single backend; absent = under that of the backend. */
  readonly countedAs?: (object: KubeObject, index: number) => string
  /** null: its rules cannot tell requests apart. */
  readonly audience: AudienceForm | null
}

/** The fields that select the rules of a rollout. */
export interface RoutedService extends Pair {
  /** `name` or `name/rule`; null = every rule whose backend is `service`. */
  readonly route: string | null
  readonly audience?: Audience
}

export interface FoundRule<T> extends Rule<T> {
  /** Its rule number leaves the audience's rules out, so that it stays the same with and without them. */
  readonly asFound: OriginalRule
  /** Its place in the object's list. */
  readonly index: number
}

export interface Found<T> {
  readonly object: KubeObject
  readonly rules: readonly FoundRule<T>[]
  /** Places of the audience's rules in the object's list. */
  readonly audience: readonly number[]
}

export type FoundOf<T> = Found<T> & { readonly kind: RouteKind<T> }

/** The rules of these objects that send to the target's service. */
export function matching<T>(
  objects: readonly KubeObject[],
  kind: RouteKind<T>,
  target: RoutedService,
): readonly Found<T>[] {
  const [only, onlyRule] = target.route?.split('/') ?? []
  return objects
    .filter((object) => object.kind === kind.kind || object.kind === '')
    .filter(({ metadata }) => (metadata.namespace ?? target.namespace) === target.namespace)
    .filter(({ metadata }) => only === undefined || metadata.name === only)
    .map((object) => {
      const all = kind.rules(object).map((rule, index) => ({ ...rule, index }))
      const audience = audienceIn(object, kind, target)
      const rules = all
        .filter(({ index }) => !audience.includes(index))
        .flatMap((rule, number): FoundRule<T>[] => {
          const named = onlyRule === undefined || onlyRule === String(number) || rule.names.includes(onlyRule)
          const sends = rule.refs.some((ref) => kind.backend.is(ref, target.service, target))
          const { name } = object.metadata
          const asFound = { kind: kind.kind, name, rule: number, backendRefs: rule.refs }
          return named && sends ? [{ ...rule, asFound }] : []
        })
      return { object, rules, audience }
    })
    .filter(({ rules }) => rules.length > 0)
}

/** A rule of the audience asks for its header and sends to the canary alone; recognized by that, whatever its original has become. */
function audienceIn<T>(object: KubeObject, kind: RouteKind<T>, target: RoutedService): readonly number[] {
  const { audience: form, backend, weigher } = kind
  if (form === null || target.audience === undefined) return []
  const match = headerMatchOf(target.audience)
  const raw = form.rulesOf(object)
  return kind.rules(object).flatMap(({ refs }, index) => {
    const rule = raw[index]
    const alone =
      weigher.shareOf(refs, target) === 100 &&
      refs.every((ref) =>
        [target.service, target.canaryService].some((name) => backend.is(ref, name, target)),
      )
    return alone && rule !== undefined && form.carries(rule, match) ? [index] : []
  })
}

export const allOf = (
  { apiVersion, kind }: Pick<RouteKind<never>, 'apiVersion' | 'kind'>,
  namespace: string,
): At => ({
  apiVersion,
  kind,
  namespace,
})

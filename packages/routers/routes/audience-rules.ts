import { isDeepStrictEqual } from 'node:util'
import type { JsonPatch } from '@alt-las/kubernetes'
import type { AudienceForm, AudienceProblem, RawRule } from '../audience/audience-form.ts'
import { headerMatchOf } from '../audience/header-match.ts'
import { noAudience } from '../port/audience.ts'
import type { ObservedSplit, ResetPatch } from '../port/router.ts'
import type { FoundOf, FoundRule, RouteKind, RoutedService } from './route-kind.ts'

/** Whether the audience's rules are all there as they should be. */
export function audienceOf<T>(
  found: readonly FoundOf<T>[],
  target: RoutedService,
): NonNullable<ObservedSplit['audience']> {
  if (found.every(({ audience }) => audience.length === 0)) return 'off'
  const asWanted = found.every((one) => {
    if (one.kind.audience === null) return false
    const { was, value } = listed(one, ({ refs }) => refs, target)
    return isDeepStrictEqual(was, value)
  })
  return asWanted ? 'on' : 'altered'
}

/** Why the object cannot take the audience's rules; null if it can, or without an audience. */
export function audienceProblem<T>(found: FoundOf<T>, target: RoutedService): AudienceProblem | null {
  const { kind, object } = found
  if (target.audience === undefined) return null
  if (kind.audience === null)
    return {
      what: `a ${kind.kind} has weights, but no rules for requests`,
      remedy: 'let the IngressRoute send to the Service itself, without a TraefikService between them',
    }
  const without = withAudience(found, kind.audience, null)
  const isOwn = ({ own }: Listed<T>) => own !== null
  return kind.audience.problem(
    object,
    {
      own: without.filter(isOwn).map(({ rule }) => rule),
      others: without.filter((one) => !isOwn(one)).map(({ rule }) => rule),
    },
    headerMatchOf(target.audience),
  )
}

/** The object's whole list of rules, with these backends, and with the rules of `target`'s audience or without any (null). */
export function listed<T>(
  found: FoundOf<T>,
  refsOf: (rule: FoundRule<T>) => readonly T[],
  target: RoutedService | null,
): { readonly path: string; readonly was: readonly RawRule[]; readonly value: readonly RawRule[] } {
  const form = formOf(found.kind)
  const was = form.rulesOf(found.object)
  const value = withAudience(found, form, target).map(({ rule, own }) =>
    own === null ? rule : form.withRefs(rule, refsOf(own)),
  )
  return { path: form.list, was, value }
}

/**
 * Puts every rule back to weight 0 and removes the audience's rules, or, where these are not there, changes the weights only. A patch that is
 * written before the audience's rules exist, and has to work with and without them.
 */
export function listedAtZero<T>(found: FoundOf<T>, target: RoutedService): Omit<ResetPatch, 'at'> {
  const { kind, rules } = found
  const atZero = ({ refs }: FoundRule<T>) => kind.atZero(refs, target)
  const form = kind.audience
  if (form === null || target.audience === undefined)
    return { operations: rules.map((rule) => replaced(rule.path, atZero(rule))) }
  const weights = (list: readonly Listed<T>[]) =>
    list.flatMap(({ own }, index) =>
      own === null ? [] : [replaced(own.path.replace(/\/\d+\//, `/${index}/`), atZero(own))],
    )
  const full = withAudience(found, form, target)
  const added = full.flatMap(({ rule, isAudience }, index) =>
    isAudience ? [{ path: `${form.list}/${index}`, rule }] : [],
  )
  return {
    operations: [
      ...added.map(({ path, rule }): JsonPatch => ({ op: 'test', path, value: rule })),
      ...weights(full),
      // From the last one on: a removal moves those behind it.
      ...added.toReversed().map(({ path }): JsonPatch => ({ op: 'remove', path })),
    ],
    orElse: weights(withAudience(found, form, null)),
  }
}

const replaced = (path: string, value: unknown): JsonPatch => ({ op: 'replace', path, value })

interface Listed<T> {
  readonly rule: RawRule
  /** The rule that sends to the service, if it is one. */
  readonly own: FoundRule<T> | null
  readonly isAudience: boolean
}

function withAudience<T>(
  { kind, object, rules, audience }: FoundOf<T>,
  form: AudienceForm,
  target: RoutedService | null,
): readonly Listed<T>[] {
  const kept = form.rulesOf(object).flatMap((rule, index): Listed<T>[] => {
    const own = rules.find((one) => one.index === index) ?? null
    return audience.includes(index) ? [] : [{ rule, own, isAudience: false }]
  })
  if (target === null) return kept
  const copyOf = (one: Listed<T>): readonly Listed<T>[] =>
    one.own === null
      ? []
      : [{ rule: copied(one.rule, one.own, { kind, form, target }), own: null, isAudience: true }]
  return form.place === 'last'
    ? [...kept, ...kept.flatMap(copyOf)]
    : kept.flatMap((one) => [...copyOf(one), one])
}

interface Copying<T> {
  readonly kind: RouteKind<T>
  readonly form: AudienceForm
  readonly target: RoutedService
}

/** The rule for the audience alone, with all of its traffic on the canary; the same whatever the weights of the original are. */
function copied<T>(rule: RawRule, { refs }: FoundRule<T>, { kind, form, target }: Copying<T>): RawRule {
  const { backend, weigher } = kind
  const first = refs.find((ref) => backend.is(ref, target.service, target))
  if (target.audience === undefined || first === undefined) throw noAudience(kind.kind)
  const alone = weigher.splitRefs([backend.weighed(first, 100)], target, 100)
  return form.withRefs(form.narrowed(rule, headerMatchOf(target.audience)), alone)
}

function formOf<T>({ kind, audience }: RouteKind<T>): AudienceForm {
  if (audience === null) throw noAudience(`a ${kind}`)
  return audience
}

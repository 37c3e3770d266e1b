// Routers that set weights in route objects: one file per kind of route, and what all kinds share.
import { isDeepStrictEqual } from 'node:util'
import { type At, type JsonPatch, compareAndSwap } from '@alt-las/kubernetes'
import {
  type FoundOf,
  type FoundRule,
  type RouteKind,
  type RoutedService,
  allOf,
  matching,
} from './route-kind.ts'
import { audienceOf, listed, listedAtZero } from './audience-rules.ts'
import { type OriginalRule, type Router, type RouterCluster, noTargetWeight } from '../port/router.ts'

/** Weights in objects. Each write tests the backends that were read, so that a write by others in between is not overwritten. */
export function routesRouter<T>(kinds: readonly RouteKind<T>[], cluster: RouterCluster): Router {
  const read = async (target: RoutedService) => {
    const lists = await Promise.all(
      kinds.map(async (kind) => {
        const objects = await cluster.list(allOf(kind, target.namespace))
        return matching(objects, kind, target).map((found) => ({ ...found, kind }))
      }),
    )
    return lists.flat()
  }
  const change = async (target: RoutedService, to: Change<T>, audience: AudienceChange) => {
    for (const found of await read(target)) await write(found, to, { target, audience, cluster })
  }
  return {
    observe: async (plan, aim = noTargetWeight) => {
      const found = await read(plan)
      const rules = found.flatMap(({ kind, rules }) => rules.map((rule) => ({ kind, rule })))
      const waiting = found.flatMap(({ kind, object }) => kind.notAccepted(object) ?? [])
      const onAim = rules.every(({ kind, rule }) => isSplitAt(kind, rule, plan, aim.weight))
      const shares = new Set(rules.map(({ kind, rule }) => kind.weigher.shareOf(rule.refs, plan)))
      const [share = 0] = shares
      const weight = shares.size > 1 ? null : share
      return {
        rules: rules.map(({ rule }) => rule.asFound),
        weight: onAim && rules.length > 0 && aim.weight !== null ? aim.weight : weight,
        hasCanary:
          rules.some(
            ({ kind, rule }) =>
              kind.weigher.namesCanary(rule.refs, plan) || isAltered(kind, rule, aim.originals),
          ) || found.some(({ audience }) => audience.length > 0),
        ...(plan.audience === undefined ? {} : { audience: audienceOf(found, plan) }),
        accepted: waiting.length === 0,
        sticky: rules.some(({ rule }) => rule.sticky),
        because: waiting[0] ?? acceptedBecause(found, [...shares], aim.weight),
      }
    },
    split: (plan, percent) =>
      change(
        plan,
        (kind, { refs }) => splitAt(kind, refs, plan, percent),
        isBetween(percent) ? 'kept' : 'off',
      ),
    sendAudience: (plan) => change(plan, (kind, { refs }) => named(kind, refs, plan), 'on'),
    resetPatches: async (plan) =>
      (await read(plan)).map((found) => ({
        at: at(found.kind, found.object.metadata),
        ...listedAtZero(found, plan),
      })),
    restore: (plan, before) => change(plan, (kind, rule) => restored(kind, rule, plan, before), 'off'),
  }
}

type Change<T> = (kind: RouteKind<T>, rule: FoundRule<T>) => readonly T[]
/** What becomes of the audience's rules. */
type AudienceChange = 'kept' | 'on' | 'off'

const isBetween = (percent: number): boolean => percent > 0 && percent < 100

/** Traefik counts requests by Service only where a rule names several of them. */
const named = <T>(kind: RouteKind<T>, refs: readonly T[], target: RoutedService) =>
  kind.weigher.namesCanary(refs, target) ? refs : kind.weigher.splitRefs(refs, target, 0)

const splitAt = <T>(kind: RouteKind<T>, refs: readonly T[], target: RoutedService, percent: number) =>
  percent === 0 ? kind.atZero(refs, target) : kind.weigher.splitRefs(refs, target, percent)

const isSplitAt = <T>(
  kind: RouteKind<T>,
  { refs }: FoundRule<T>,
  target: RoutedService,
  percent: number | null,
) => percent !== null && isDeepStrictEqual(refs, splitAt(kind, refs, target, percent))

/** The canary is absent, but the weights have other numbers than before, in the same proportions. */
function isAltered<T>(
  kind: RouteKind<T>,
  { refs, asFound }: FoundRule<T>,
  was: readonly OriginalRule[],
): boolean {
  const original = was.find((one) => isSame(one, asFound))?.backendRefs as readonly T[] | undefined
  if (original === undefined || isDeepStrictEqual(refs, original)) return false
  return kind.weigher.isProportional(refs, original)
}

/** Exactly the original rule; if others have changed the rule since, only the canary is removed. */
function restored<T>(
  kind: RouteKind<T>,
  rule: FoundRule<T>,
  target: RoutedService,
  was: readonly OriginalRule[],
): readonly T[] {
  const original = was.find((one) => isSame(one, rule.asFound))?.backendRefs as readonly T[] | undefined
  const rest = kind.weigher.withoutCanary(rule.refs, target)
  return original !== undefined && kind.weigher.isProportional(rest, original) ? original : rest
}

interface Write {
  readonly target: RoutedService
  readonly audience: AudienceChange
  readonly cluster: RouterCluster
}

async function write<T>(
  found: FoundOf<T>,
  change: Change<T>,
  { target, audience, cluster }: Write,
): Promise<void> {
  const { kind, object } = found
  const refsOf = (rule: FoundRule<T>) => change(kind, rule)
  const operations =
    audience === 'on' || (audience === 'off' && found.audience.length > 0)
      ? swapped(listed(found, refsOf, audience === 'on' ? target : null))
      : found.rules.flatMap((rule) => swapped({ path: rule.path, was: rule.refs, value: refsOf(rule) }))
  if (operations.length > 0) await compareAndSwap(at(kind, object.metadata), operations, cluster)
}

interface Swap {
  readonly path: string
  readonly was: unknown
  readonly value: unknown
}

function swapped({ path, was, value }: Swap): readonly JsonPatch[] {
  if (isDeepStrictEqual(value, was)) return []
  return [
    { op: 'test', path, value: was },
    { op: 'replace', path, value },
  ]
}

function acceptedBecause<T>(
  found: readonly FoundOf<T>[],
  shares: readonly number[],
  aim: number | null,
): string {
  const [share] = shares
  const rounded = aim !== null && share !== undefined && share !== aim ? `, effectively ${share}%` : ''
  return `${found[0]?.kind.accepted ?? 'no rule names the service'}${rounded}`
}

const isSame = (a: OriginalRule, b: OriginalRule) =>
  a.kind === b.kind && a.name === b.name && a.rule === b.rule

const at = (
  { apiVersion, kind }: Pick<RouteKind<never>, 'apiVersion' | 'kind'>,
  { name, namespace }: { readonly name: string; readonly namespace?: string },
): At => ({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) })

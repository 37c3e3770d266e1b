// The arithmetic of weights in a rule's backends: relative ones, and those that add up to 100.
import { isDeepStrictEqual } from 'node:util'

/** The two Services of a rollout. */
export interface Pair {
  readonly namespace: string
  readonly service: string
  readonly canaryService: string
}

/** How one kind of route writes its backends. */
export interface BackendKind<T> {
  /** Whether the backend is the Service of that name in the pair's namespace. */
  readonly is: (ref: T, name: string, pair: Pair) => boolean
  /** null = not written. */
  readonly weight: (ref: T) => number | null
  /** The Service's port in the backend, by number or by name; null = none. */
  readonly port: (ref: T) => number | string | null
  readonly weighed: (ref: T, weight: number) => T
  /** The same backend with the canary's Service instead of stable's. */
  readonly forCanary: (ref: T, pair: Pair) => T
}

export interface Weigher<T> {
  /** The canary's share of the service's own traffic in percent, to a tenth. */
  shareOf(refs: readonly T[], pair: Pair): number
  /**
   * The rule's backends with `percent` (steps of 0.1) of the service's traffic on the canary; the shares of other backends keep their
   * proportion. The canary's entry is a copy of the service's, so that its filters and port hold for both.
   */
  splitRefs(refs: readonly T[], pair: Pair, percent: number): readonly T[]
  /** The rule without the canary; the service gets the sum of both weights. */
  withoutCanary(refs: readonly T[], pair: Pair): readonly T[]
  namesCanary(refs: readonly T[], pair: Pair): boolean
  /** Whether both send the same proportions to the same backends, in whatever numbers. */
  isProportional(refs: readonly T[], others: readonly T[]): boolean
}

/** The Gateway API's highest weight. */
const mostWeight = 1_000_000

/** Relative weights: any whole numbers; a backend without one has 1. */
export function relativeWeights<T>(kind: BackendKind<T>): Weigher<T> {
  const weightOf = (ref: T) => kind.weight(ref) ?? 1
  const weigh = (refs: readonly T[], name: string, pair: Pair) =>
    refs.filter((ref) => kind.is(ref, name, pair)).reduce((sum, ref) => sum + weightOf(ref), 0)
  const namesCanary = (refs: readonly T[], pair: Pair) =>
    refs.some((ref) => kind.is(ref, pair.canaryService, pair))

  // A canary's entry follows the entry that it was copied from.
  const withoutCanary = (refs: readonly T[], pair: Pair) => {
    const kept = refs.filter((ref) => !kind.is(ref, pair.canaryService, pair))
    const back = new Map<number, number>()
    let owner = kept.findIndex((ref) => kind.is(ref, pair.service, pair))
    let index = -1
    for (const ref of refs) {
      if (kind.is(ref, pair.canaryService, pair)) back.set(owner, (back.get(owner) ?? 0) + weightOf(ref))
      else if (kind.is(ref, pair.service, pair)) owner = index += 1
      else index += 1
    }
    return kept.map((ref, at) => {
      const more = back.get(at) ?? 0
      return more === 0 ? ref : kind.weighed(ref, weightOf(ref) + more)
    })
  }

  return {
    shareOf: (refs, pair) => {
      const canary = weigh(refs, pair.canaryService, pair)
      const total = canary + weigh(refs, pair.service, pair)
      return total === 0 ? 0 : Math.round((1000 * canary) / total) / 10
    },
    splitRefs: (refs, pair, percent) => {
      const permille = Math.round(percent * 10)
      const original = withoutCanary(refs, pair)
      const [lone] = original
      const parts = original.flatMap((ref) => {
        if (!kind.is(ref, pair.service, pair)) return [{ ref, weight: weightOf(ref) * 1000 }]
        const canary = kind.forCanary(ref, pair)
        return [
          { ref, weight: weightOf(ref) * (1000 - permille) },
          { ref: canary, weight: weightOf(ref) * permille, rounded: Math.floor },
        ]
      })
      const unit =
        original.length === 1 && lone !== undefined
          ? weightOf(lone) * loneUnit(permille)
          : divisor(parts.map(({ weight }) => weight))
      return parts.map(({ ref, weight, rounded = Math.ceil }) =>
        kind.weighed(ref, unit === 0 ? 0 : rounded(weight / unit)),
      )
    },
    withoutCanary,
    namesCanary,
    isProportional: (refs, others) => {
      const bare = (list: readonly T[]) => list.map((ref) => kind.weighed(ref, 0))
      if (!isDeepStrictEqual(bare(refs), bare(others))) return false
      return refs.length === 1 || reduced(refs.map(weightOf)) === reduced(others.map(weightOf))
    },
  }
}

/** Weights of a lone service add up to 100, or to 1000 where a tenth of a percent is needed. */
const loneUnit = (permille: number) => (permille % 10 === 0 ? 10 : 1)

/** A common divisor of all weights; larger if a weight would be too large, and the canary's is then rounded down. */
function divisor(weights: readonly number[]): number {
  return Math.max(common(weights), Math.max(...weights) / mostWeight)
}

const common = (weights: readonly number[]): number => {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return weights.reduce(gcd, 0)
}

const reduced = (weights: readonly number[]): string =>
  weights.map((weight) => weight / (common(weights) || 1)).join(' ')

import { type BackendKind, type Pair, type Weigher, relativeWeights } from './weigher.ts'

export interface WholePercent<T> extends Weigher<T> {
  /** The smallest share that can be written, in percent of the service's own traffic. */
  smallest(refs: readonly T[], pair: Pair): number
}

/**
 * Weights that add up to 100: the service's own is divided, those of other backends stay. Fractions are rounded
 * down for the canary. A lone backend without a weight has 100, one of several without a weight has 0.
 */
export function wholePercent<T>(kind: BackendKind<T>): WholePercent<T> {
  const full = (refs: readonly T[]): readonly T[] => {
    const [lone] = refs
    if (refs.length === 1 && lone !== undefined) return [kind.weighed(lone, 100)]
    return refs.map((ref) => (kind.weight(ref) === null ? kind.weighed(ref, 0) : ref))
  }
  const relative = relativeWeights({ ...kind, weight: (ref) => kind.weight(ref) ?? 0 })
  return {
    ...relative,
    splitRefs: (refs, pair, percent) =>
      full(relative.withoutCanary(refs, pair)).flatMap((ref) => {
        if (!kind.is(ref, pair.service, pair)) return [ref]
        const whole = kind.weight(ref) ?? 0
        // A float's last digit must not cost a percent.
        const canary = Math.floor((whole * Math.round(percent * 10)) / 1000)
        return [kind.weighed(ref, whole - canary), kind.weighed(kind.forCanary(ref, pair), canary)]
      }),
    smallest: (refs, pair) => {
      const own = full(relative.withoutCanary(refs, pair)).filter((ref) => kind.is(ref, pair.service, pair))
      const most = Math.max(...own.map((ref) => kind.weight(ref) ?? 0))
      return most <= 0 ? Infinity : Math.ceil(1000 / most) / 10
    },
  }
}

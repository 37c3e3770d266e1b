import type { BackendRef } from '@alt-las/kubernetes'

/** The two Services of a rollout. */
export interface Pair {
  readonly namespace: string
  readonly service: string
  readonly canaryService: string
}

/** True where the backend is the Service of that name in the pair's namespace. */
export function isBackend(ref: BackendRef, name: string, { namespace }: Pair): boolean {
  const isService = (ref.kind ?? 'Service') === 'Service' && (ref.group ?? '') === ''
  return isService && ref.name === name && (ref.namespace ?? namespace) === namespace
}

/** The canary's share of the service's own traffic in percent. */
export function shareOf(refs: readonly BackendRef[], pair: Pair): number {
  const weigh = (name: string) =>
    refs.filter((ref) => isBackend(ref, name, pair)).reduce((sum, ref) => sum + (ref.weight ?? 1), 0)
  const canary = weigh(pair.canaryService)
  const total = canary + weigh(pair.service)
  return total === 0 ? 0 : Math.round((1000 * canary) / total) / 10
}

/**
 * The rule's backends with `percent` (steps of 0.1) of the service's traffic on the canary; what other backends get keeps its
 * proportion. The canary's entry is a copy of the service's, so that its filters and port hold for both.
 */
export function splitRefs(refs: readonly BackendRef[], pair: Pair, percent: number): readonly BackendRef[] {
  const permille = Math.round(percent * 10)
  const original = withoutCanary(refs, pair)
  const scaled = original.flatMap((ref) => {
    const weight = ref.weight ?? 1
    if (!isBackend(ref, pair.service, pair)) return [{ ...ref, weight: weight * 1000 }]
    return [
      { ...ref, weight: weight * (1000 - permille) },
      { ...ref, name: pair.canaryService, weight: weight * permille },
    ]
  })
  const factor = original.length === 1 ? unit(permille) : divisor(scaled.map((ref) => ref.weight))
  const scale = original.length === 1 ? (original[0]?.weight ?? 1) * factor : factor
  return scaled.map((ref) => ({ ...ref, weight: scale === 0 ? ref.weight : ref.weight / scale }))
}

/** The rule without the canary; the service gets back what both had together. */
export function withoutCanary(refs: readonly BackendRef[], pair: Pair): readonly BackendRef[] {
  const weigh = (name: string) =>
    refs.filter((ref) => isBackend(ref, name, pair)).reduce((sum, ref) => sum + (ref.weight ?? 1), 0)
  const canary = weigh(pair.canaryService)
  const services = refs.filter((ref) => isBackend(ref, pair.service, pair)).length
  return refs
    .filter((ref) => !isBackend(ref, pair.canaryService, pair))
    .map((ref) =>
      canary > 0 && services === 1 && isBackend(ref, pair.service, pair)
        ? { ...ref, weight: (ref.weight ?? 1) + canary }
        : ref,
    )
}

/** Weights of a lone service add up to 100, or to 1000 where a tenth of a percent is needed. */
const unit = (permille: number) => (permille % 10 === 0 ? 10 : 1)

function divisor(weights: readonly number[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return weights.reduce(gcd, 0)
}

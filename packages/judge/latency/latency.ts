// Evidence on latency, from histograms: stable's distribution, the tolerated edge, the tests, and their state.
import type { Edge, Tolerated } from './edge.ts'
import type { Distribution } from './stretch.ts'

const leastStable = 0.02

/**
 * "LatMargin": log-likelihood ratios against H0 "the canary's latency is stochastically below `margin` times stable's", for each of the
 * edge's alternatives. null: an arm is empty. Counts per bucket; `phi` >= 1 is the dispersion.
 * Source: Grunwald, de Heide and Koolen, JRSS-B 2024.
 */
export function latencyTerms(
  canary: readonly number[],
  stable: readonly number[],
  { edge, phi }: { readonly edge: Edge; readonly phi: number },
): readonly number[] | null {
  const [nc, ns] = [total(canary), total(stable)]
  if (nc === 0 || ns === 0) return null
  const factors = { canary: new Float64Array(canary.length), stable: new Float64Array(canary.length) }
  return edge.alternatives.map((alternative) => {
    setFactors(factors, alternative, { ...edge.tolerated, nc, ns })
    return (logSum(canary, factors.canary) + logSum(stable, factors.stable)) / phi
  })
}

/** a_j and b_j. */
interface Factors {
  readonly canary: Float64Array
  readonly stable: Float64Array
}

/** The factors per bucket of both arms, whose expectation under the null is at most 1 in every block. */
function setFactors(
  { canary: a, stable: b }: Factors,
  alternative: Distribution,
  { moved, q, nc, ns }: Tolerated & { readonly nc: number; readonly ns: number },
): void {
  const w = nc / (nc + ns)
  let highest = 0
  for (let j = 0; j < a.length; j += 1) {
    const mass = alternative[j] ?? 0
    highest = Math.max(highest, mass / (w * mass + (1 - w) * (q[j] ?? 0)))
    a[j] = highest
  }
  let least = Infinity
  for (let j = 0; j < b.length; j += 1) {
    const share = moved[j] ?? 0
    const factor = 1 + (nc / ns) * (1 - (1 - share) * (a[j] ?? 0) - share * (a[j + 1] ?? 0))
    least = Math.min(least, factor)
    b[j] = factor
  }
  if (least >= leastStable) return
  const shrink = (1 - leastStable) / (1 - least)
  for (let j = 0; j < a.length; j += 1) {
    a[j] = 1 + shrink * ((a[j] ?? 0) - 1)
    b[j] = 1 + shrink * ((b[j] ?? 0) - 1)
  }
}

function logSum(counts: readonly number[], factors: Float64Array): number {
  let sum = 0
  for (let j = 0; j < counts.length; j += 1) {
    const count = counts[j] ?? 0
    if (count !== 0) sum += count * Math.log(factors[j] ?? 1)
  }
  return sum
}

function total(counts: readonly number[]): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

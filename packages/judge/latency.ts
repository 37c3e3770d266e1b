import { curveOf, masses, stretchedCdf, type Curve, type Distribution } from './stretch.ts'

const slowdowns = [1.1, 1.3, 1.7, 3]
const tails = [0.01, 0.05, 0.25]
const tailFactor = 10
/** Past blocks fade by this a block; the distribution is renewed every sixth. */
const fading = 0.998
const renewal = 6
const leastStable = 0.02

export const latencyAlternatives = slowdowns.length + tails.length

/** What stable's latencies looked like until now; JSON. */
export interface Reference {
  readonly bounds: readonly number[]
  readonly history: readonly number[]
  readonly q: Distribution
  readonly blocks: number
}

/** Before anything was seen; `history`: stable's counts per bucket in blocks before the canary, oldest first. */
export function beginReference(
  bounds: readonly number[],
  history: readonly (readonly number[])[],
): Reference {
  const start = Array.from({ length: bounds.length + 1 }, () => 0.05)
  const seen = history.reduce<readonly number[]>((sum, counts) => faded(sum, counts), start)
  return { bounds, history: seen, q: normal(seen), blocks: 0 }
}

/** After a block was judged: only the past is ever the reference. */
export function learn(reference: Reference, stable: readonly number[]): Reference {
  const history = faded(reference.history, stable)
  const blocks = reference.blocks + 1
  return { ...reference, history, blocks, q: blocks % renewal === 0 ? normal(history) : reference.q }
}

/** Whether `q` is the distribution of all that was seen. */
export const isRenewed = ({ blocks }: Reference): boolean => blocks % renewal === 0

/** How stable's distribution moves when every latency grows by the tolerance: the edge of the null. */
export interface Tolerated {
  /** Share of each bucket's mass that moves up by one. */
  readonly moved: readonly number[]
  readonly q: Distribution
}

export function tolerate(q: Distribution, curve: Curve, margin: number): Tolerated {
  const shifted = stretchedCdf(curve, margin)
  const moved = curve.cdf.map((at, j) => clamp((at - (shifted[j] ?? 0)) / (q[j] ?? 1)))
  moved.push(0)
  const tq = q.map((mass, j) => (1 - (moved[j] ?? 0)) * mass + (moved[j - 1] ?? 0) * (q[j - 1] ?? 0))
  return { moved, q: tq }
}

export interface Edge {
  readonly reference: Reference
  /** Of the reference's distribution. */
  readonly curve: Curve
  /** tol, >= 1. */
  readonly margin: number
  readonly phi: number
}

/** The curve of the reference as it is now. */
export const curveOfReference = ({ q, bounds }: Reference): Curve => curveOf(q, bounds)

/**
 * "LatMargin": log-likelihood ratios against H0 "the canary's latency is stochastically below `margin` times stable's", for canaries that
 * are 1.1 to 3 times slower than that, and for those of which 1, 5 or 25 % of the answers are ten times slower. null: an arm is empty.
 * Counts per bucket; `phi` >= 1 is the dispersion. Source: Grunwald, de Heide and Koolen, JRSS-B 2024.
 */
export function latencyTerms(
  canary: readonly number[],
  stable: readonly number[],
  { reference, margin, phi, curve }: Edge,
): readonly number[] | null {
  const [nc, ns] = [total(canary), total(stable)]
  if (nc === 0 || ns === 0) return null
  const tolerated = tolerate(reference.q, curve, margin)
  return alternatives(curve, margin, tolerated.q).map((alternative) => {
    const { a, b } = ratios(alternative, tolerated, { nc, ns })
    return (logSum(canary, a) + logSum(stable, b)) / phi
  })
}

function logSum(counts: readonly number[], factors: readonly number[]): number {
  let sum = 0
  for (let j = 0; j < counts.length; j += 1) {
    const count = counts[j] ?? 0
    if (count !== 0) sum += count * Math.log(factors[j] ?? 1)
  }
  return sum
}

function alternatives(curve: Curve, margin: number, tolerated: Distribution): readonly Distribution[] {
  const far = masses(stretchedCdf(curve, tailFactor))
  return [
    ...slowdowns.map((factor) => masses(stretchedCdf(curve, margin * factor))),
    ...tails.map((share) => tolerated.map((mass, j) => (1 - share) * mass + share * (far[j] ?? 0))),
  ]
}

/** The factors per bucket of both arms, whose expectation under the null is at most 1 in every block. */
function ratios(
  alternative: Distribution,
  { moved, q }: Tolerated,
  { nc, ns }: { readonly nc: number; readonly ns: number },
): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const w = nc / (nc + ns)
  let highest = 0
  const a = alternative.map(
    (mass, j) => (highest = Math.max(highest, mass / (w * mass + (1 - w) * (q[j] ?? 0)))),
  )
  const b = a.map((value, j) => {
    const share = moved[j] ?? 0
    return 1 + (nc / ns) * (1 - (1 - share) * value - share * (a[j + 1] ?? 0))
  })
  const least = Math.min(...b)
  if (least >= leastStable) return { a, b }
  const shrink = (1 - leastStable) / (1 - least)
  return { a: a.map((value) => 1 + shrink * (value - 1)), b: b.map((value) => 1 + shrink * (value - 1)) }
}

const faded = (sum: readonly number[], counts: readonly number[]): readonly number[] =>
  sum.map((value, j) => fading * value + (counts[j] ?? 0))

function normal(counts: readonly number[]): Distribution {
  const sum = total(counts)
  return counts.map((count) => count / sum)
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

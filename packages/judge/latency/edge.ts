import type { Reference } from './reference.ts'
import { curveOf, masses, stretchedCdf, type Curve, type Distribution } from './stretch.ts'

const slowdowns = [1.1, 1.3, 1.7, 3]
const tails = [0.01, 0.05, 0.25]
const tailFactor = 10

export const latencyAlternatives = slowdowns.length + tails.length

/** How stable's distribution moves when every latency grows by the tolerance: the edge of the null. */
export interface Tolerated {
  /** Share of each bucket's mass that moves up by one. */
  readonly moved: readonly number[]
  readonly q: Distribution
}

/** Values derived from stable's distribution alone. */
export interface Edge {
  readonly bounds: readonly number[]
  /** tol, >= 1. */
  readonly margin: number
  readonly curve: Curve
  readonly tolerated: Tolerated
  /** Canaries that are 1.1 to 3 times slower than tolerated, and those of which 1, 5 or 25 % of the answers are ten times slower. */
  readonly alternatives: readonly Distribution[]
}

// A distribution stays for six blocks; values derived from it are computed once.
const known = new WeakMap<Distribution, Edge>()

export function edgeOf({ q, bounds }: Pick<Reference, 'q' | 'bounds'>, margin: number): Edge {
  const before = known.get(q)
  if (before?.margin === margin && before.bounds === bounds) return before
  const curve = curveOf(q, bounds)
  const tolerated = tolerate(q, curve, margin)
  const edge = { bounds, margin, curve, tolerated, alternatives: alternatives(curve, margin, tolerated.q) }
  known.set(q, edge)
  return edge
}

export function tolerate(q: Distribution, curve: Curve, margin: number): Tolerated {
  const shifted = stretchedCdf(curve, margin)
  const moved = curve.cdf.map((at, j) => clamp((at - (shifted[j] ?? 0)) / (q[j] ?? 1)))
  moved.push(0)
  const tq = q.map((mass, j) => (1 - (moved[j] ?? 0)) * mass + (moved[j - 1] ?? 0) * (q[j - 1] ?? 0))
  return { moved, q: tq }
}

function alternatives(curve: Curve, margin: number, tolerated: Distribution): readonly Distribution[] {
  const far = masses(stretchedCdf(curve, tailFactor))
  return [
    ...slowdowns.map((factor) => masses(stretchedCdf(curve, margin * factor))),
    ...tails.map((share) => tolerated.map((mass, j) => (1 - share) * mass + share * (far[j] ?? 0))),
  ]
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

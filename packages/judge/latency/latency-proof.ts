import type { Edge } from './edge.ts'
import { cumulative, stretchedCdf, type Distribution } from './stretch.ts'
import { proofTerm } from '../evidence/non-inferiority.ts'

const mostTail = 0.9
const boundaries = 4
/** d of the latency: one percentage point. */
const difference = 0.01
/** How far beyond the tolerance the latency is that a promotion must disprove. */
const room = 1.25

/** The tested bounds: the four lowest with at least a tenth of stable's answers below; fixed for a rollout. */
export function provenBounds(q: Distribution): readonly number[] {
  return cumulative(q)
    .map((at, j) => ({ j, tail: 1 - at }))
    .filter(({ tail }) => tail < mostTail)
    .slice(0, boundaries)
    .map(({ j }) => j)
}

/** Stable's tail at each of those bounds, and the tolerated multiple of it. */
export interface Tail {
  readonly rate: number
  readonly ratio: number
}

export function tailsOf({ curve, margin }: Edge, proven: readonly number[]): readonly Tail[] {
  const moved = stretchedCdf(curve, room * margin)
  return proven.map((j) => {
    const rate = Math.max(1e-9, 1 - (curve.cdf[j] ?? 1))
    return { rate, ratio: Math.min(0.95 / rate, Math.max(1, (1 - (moved[j] ?? 1)) / rate)) }
  })
}

/**
 * One block against "at least ratio times stable's share plus a point of the canary's answers lie above the bound", for each bound: the
 * logarithms of the products. Same source as the errors' proof. Counts per bucket.
 */
export function proveLatency(
  logs: readonly number[],
  { canary, stable }: { readonly canary: readonly number[]; readonly stable: readonly number[] },
  at: { readonly tails: readonly Tail[]; readonly proven: readonly number[]; readonly phi: number },
): readonly number[] {
  return logs.map((log, i) => {
    const [j, tail] = [at.proven[i] ?? 0, at.tails[i]]
    if (tail === undefined) return log
    const block = { canary: above(canary, j), stable: above(stable, j) }
    return log + proofTerm(block, { ...tail, difference, phi: at.phi }, tail.rate)
  })
}

/** All answers, and those above bound j. */
export function above(
  counts: readonly number[],
  j: number,
): { readonly requests: number; readonly errors: number } {
  let [requests, errors] = [0, 0]
  for (let i = 0; i < counts.length; i += 1) {
    requests += counts[i] ?? 0
    if (i > j) errors += counts[i] ?? 0
  }
  return { requests, errors }
}

import type { Edge } from '../latency/edge.ts'
import type { Distribution } from '../latency/stretch.ts'

/**
 * One version alone against H0 "its latency is stochastically below `margin` times the usual one", for each of the edge's alternatives:
 * l = sum_j h_j ln a_j / phi with a_j = running max of A_j / (Tq)_j, divided by its mean under Tq. Valid because a rises with the latency, so
 * that its mean under every distribution below Tq is at most 1. null without an answer.
 * Source: Grunwald, de Heide and Koolen, JRSS-B 2024.
 */
export function lateLatencyTerms(
  counts: readonly number[],
  { edge, phi }: { readonly edge: Edge; readonly phi: number },
): readonly number[] | null {
  if (counts.every((count) => count === 0)) return null
  return edge.alternatives.map((alternative) => {
    const factors = risingFactors(alternative, edge.tolerated.q)
    return (
      counts.reduce((sum, count, j) => sum + (count === 0 ? 0 : count * Math.log(factors[j] ?? 1)), 0) / phi
    )
  })
}

function risingFactors(alternative: Distribution, tolerated: Distribution): readonly number[] {
  let highest = 0
  const rising = tolerated.map(
    (mass, j) => (highest = Math.max(highest, (alternative[j] ?? 0) / Math.max(mass, least))),
  )
  const mean = rising.reduce((sum, factor, j) => sum + factor * (tolerated[j] ?? 0), 0)
  return rising.map((factor) => factor / mean)
}

/** A bucket that nothing ever fell into is no proof by a single answer. */
const least = 1e-6

import type { LatencyState } from '../latency/latency-state.ts'
import { value, type Mixture } from '../evidence/mixture.ts'

const errorShare = 0.6

/**
 * One budget of risk for errors and latency: the mean of two supermartingales is one itself, whatever the two have to do with each other, so
 * no correction for two tests is needed. Latency keeps its part until it is certain that it has none.
 * Source: Ville 1939; Grunwald, de Heide and Koolen, JRSS-B 2024.
 */
export const budget = (errors: Mixture, latency: LatencyState): number =>
  takesPart(latency) ? errorShare * value(errors) + (1 - errorShare) * value(latency.mixture) : value(errors)

/** The larger contribution to the budget; `latency` is null if it has no part. */
export function mainCause(errors: number, latency: number | null): 'errors' | 'latency' {
  return (1 - errorShare) * (latency ?? 0) > errorShare * errors ? 'latency' : 'errors'
}

export const takesPart = ({ kind }: LatencyState): boolean => kind !== 'absent' && kind !== 'coarse'

import { rateOf } from '../evidence/non-inferiority.ts'
import type { State } from './state.ts'
import { nextWeight } from './weight.ts'

/** The weight to begin with, 0..1, before any block of the canary; 0 if the weights are set by the caller. */
export function firstWeight({ settings, pace, rate }: State): number {
  return nextWeight(settings.weights, pace, { bound: 1, rate: rateOf(rate), proven: false, frozen: false })
}

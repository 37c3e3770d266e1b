import type { Block, Counts } from '../input/block.ts'
import { errorAlternatives } from '../evidence/errors.ts'
import { beginLatency, tailCounts, type LatencyState } from '../latency/latency-state.ts'
import { restartingMixture, type Mixture } from '../evidence/mixture.ts'
import { beginRate, noProof, type Proof, type Rate } from '../evidence/non-inferiority.ts'
import { noExcess, type Excess } from '../evidence/ramp.ts'
import { alike } from '../variation/regime.ts'
import { checkSettings, type Settings } from '../input/settings.ts'
import { beginSpread, type Spread } from '../variation/spread.ts'
import { trafficAlternatives } from '../evidence/traffic.ts'
import { beginPace, type Pace } from './weight.ts'
import { checkBlock } from '../input/block.ts'

/** JSON; bounded (under 24 KB); contains everything for the next block. */
export interface State {
  readonly version: 2
  readonly settings: Settings
  readonly errors: Mixture
  readonly traffic: Mixture
  readonly latency: LatencyState
  readonly spread: Spread
  /** Stable's error rate, from the past only. */
  readonly rate: Rate
  readonly proof: Proof
  /** Which of the proofs are complete: the errors', then each latency bound's. */
  readonly shown: readonly boolean[]
  readonly excess: Excess
  readonly pace: Pace
  readonly blocks: number
  /** From the first block's start to the last one's end, in ms, without the gaps between blocks. */
  readonly watched: number
  /** `watched` when the proof was complete; null before. */
  readonly provenAt: number | null
  readonly canary: Counts
  readonly stable: Counts
  readonly expected: number
  /** Counts since the evidence was last at zero, for the sentence about a late fault. */
  readonly recent: { readonly canary: Counts; readonly stable: Counts }
  readonly recentTraffic: { readonly got: number; readonly expected: number }
}

export const nothing: Counts = { requests: 0, errors: 0 }

/**
 * The state before the first block. `history`: blocks of the last half hour in which stable had all traffic, oldest first; their `canary`
 * is not looked at. Throws RangeError for settings and blocks that cannot be.
 */
export function begin(settings: Settings, history: readonly Block[] = []): State {
  checkSettings(settings)
  history.forEach(checkBlock)
  const latency = beginLatency(settings.latencyMargin, history)
  const spread = beginSpread(settings.dispersion, history, tailCounts(latency, history))
  const stable = history.map((block) => block.stable)
  const total = stable.slice(-alike(stable, spread.errors)).reduce<Counts>(sumCounts, nothing)
  return {
    version: 2,
    settings,
    ...unseen(),
    latency,
    spread,
    rate: beginRate(total),
    pace: beginPace(history, settings.expectedRate),
  }
}

/** What a question begins with: no evidence, no proof, no block; what is known of stable and of the dispersion is no part of it. */
export const unseen = () => ({
  errors: restartingMixture(errorAlternatives),
  traffic: restartingMixture(trafficAlternatives),
  proof: noProof,
  shown: [],
  excess: noExcess,
  blocks: 0,
  watched: 0,
  provenAt: null,
  canary: nothing,
  stable: nothing,
  expected: 0,
  recent: { canary: nothing, stable: nothing },
  recentTraffic: { got: 0, expected: 0 },
})

export const sumCounts = (left: Counts, right: Counts): Counts => ({
  requests: left.requests + right.requests,
  errors: left.errors + right.errors,
})

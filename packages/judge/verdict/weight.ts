import type { Block } from '../input/block.ts'
import type { Weights } from '../input/settings.ts'

/** State of the ramp; JSON. */
export interface Pace {
  /** Requests per second of both versions, a moving average; null before anything was seen. */
  readonly rps: number | null
  /** The canary's set share, 0..1. */
  readonly weight: number
  /** How long the canary has had traffic, in ms. */
  readonly exposed: number
}

/** No faster before the canary has warmed up. */
const coldMs = 30_000
const leastReactionMs = 10_000
const mostFirst = 0.05
/** Until the proof; a higher weight adds no power. */
const mostUnproven = 0.5
/** With stable kept for the bake. */
export const mostProven = 0.9

/** From the rate that is known to come, or from the history's last blocks. */
export function beginPace(history: readonly Block[], expectedRate?: number): Pace {
  const pace: Pace = { rps: expectedRate ?? null, weight: 0, exposed: 0 }
  if (expectedRate !== undefined) return pace
  const last = history.slice(-24)
  const seconds = last.reduce((sum, { from, to }) => sum + (to - from), 0) / 1000
  const requests = last.reduce((sum, { stable }) => sum + stable.requests, 0)
  return seconds > 0 ? { ...pace, rps: requests / seconds } : pace
}

export function pace(before: Pace, { canary, stable, weight, from, to }: Block): Pace {
  const seconds = (to - from) / 1000
  const now = seconds > 0 ? (canary.requests + stable.requests) / seconds : null
  const { rps } = before
  return {
    // A burst raises the average only so far: a single scrape is not the traffic to come.
    rps: now === null ? rps : rps === null ? now : 0.8 * rps + 0.2 * Math.min(now, 3 * rps),
    weight: weight ?? before.weight,
    exposed: before.exposed + (canary.requests > 0 ? to - from : 0),
  }
}

export interface Ramp {
  /** U: the canary fails at most this much more often than stable. */
  readonly bound: number
  /** Stable's error rate. */
  readonly rate: number
  /** Every proof of non-inferiority is complete. */
  readonly proven: boolean
  /** Suspicion, or no canary request in the block: the weight stays. */
  readonly frozen: boolean
}

/**
 * The weight for the next block: as much as a canary that is as bad as can still be (U) may have, so that the failures until a rollback stay
 * within what is tolerated. With the proof up to 90 %, still at most double. Never down.
 */
export function nextWeight(weights: Weights, { rps, weight, exposed }: Pace, ramp: Ramp): number {
  if (weights.kind === 'fixed') return weight
  const { least, reaction } = weights
  const perReaction = ((rps ?? 0) * Math.max(leastReactionMs, reaction)) / 1000
  const tolerated = Math.max(10, 0.0005 * perReaction, 0.2 * perReaction * ramp.rate)
  if (weight === 0) {
    const first = perReaction === 0 ? least : Math.min(mostFirst, tolerated / perReaction)
    return Math.max(least, onGrid(first, least))
  }
  if (ramp.frozen || exposed < coldMs) return weight
  const wanted = ramp.proven
    ? Math.min(mostProven, 2 * weight)
    : Math.min(half(least), 2 * weight, tolerated / (perReaction * ramp.bound))
  return Math.max(weight, onGrid(wanted, least))
}

// The proof counts from half of the traffic on, which a coarse router may only be able to exceed.
const half = (least: number): number => Math.ceil(mostUnproven / least - 1e-3) * least

// Down to what the router can set; 0.1 % below is taken for rounding.
const onGrid = (weight: number, least: number): number => Math.floor(weight / least + 1e-3) * least

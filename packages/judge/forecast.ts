import type { Arm, Block } from './input/block.ts'
import { judge } from './judge.ts'
import type { Settings } from './input/settings.ts'
import { begin } from './verdict/state.ts'

/** The expected course of a rollout at the traffic of the history. */
export interface Forecast {
  /** Of both versions together. */
  readonly requestsPerSecond: number
  /** Until an equal version is proven, without the bake; null where `horizon` is not enough. */
  readonly proof: Cost | null
  /** Until a canary that fails so much more often than stable is rolled back; `excess` 0..1. */
  readonly faults: readonly { readonly excess: number; readonly cost: Cost | null }[]
}

export interface Cost {
  readonly seconds: number
  readonly canaryRequests: number
  /** Canary requests that fail until then. */
  readonly failed: number
}

/** The course of the traffic, as far as the history does not show it. */
export interface Coming {
  /** Distance of the scrapes, in ms. */
  readonly blockMs: number
  /** With fixed weights, the canary's share this many ms after its first one; null = the judge's own ramp. */
  readonly weightAt: ((ms: number) => number) | null
  /** Requests a second of both versions together, in place of the history's. */
  readonly rate?: number
}

const excesses = [1, 0.05, 0.01]

/**
 * Simulates rollouts in which every block has exactly its expected counts; `blockMs`: distance of the scrapes; `weightAt`: with fixed
 * weights, the canary's share this many ms after its first one. Throws RangeError for impossible settings and blocks.
 */
export function forecast(
  settings: Settings,
  history: readonly Block[],
  blockMs: number,
  weightAt: ((ms: number) => number) | null = null,
): Forecast {
  const usual = usualOf(history)
  const cost = (excess: number) => play(settings, history, { usual, excess, blockMs, weightAt })
  return {
    requestsPerSecond: usual.rps,
    proof: cost(0),
    faults: excesses.map((excess) => ({ excess, cost: cost(excess) })),
  }
}

/**
 * The cost of the proof alone; null where `horizon` is not enough. Where the history has no request, and latency is to be judged, answers
 * with a usual spread are assumed.
 */
export function forecastProof(
  settings: Settings,
  history: readonly Block[],
  { blockMs, weightAt, rate }: Coming,
): Cost | null {
  const known = usualOf(history)
  const shaped = known.rps > 0 || settings.latencyMargin === null ? known : { ...known, ...usualAnswers }
  const usual = rate === undefined ? shaped : { ...shaped, rps: rate }
  const expected = rate === undefined ? settings : { ...settings, expectedRate: rate }
  return play(expected, history, { usual, excess: 0, blockMs, weightAt })
}

/** Buckets as exporters have them by default, in seconds, with answers around 25 ms. */
const usualAnswers = {
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  shares: [0.02, 0.13, 0.35, 0.3, 0.13, 0.05, 0.01, 0.005, 0.003, 0.001, 0.001, 0],
}

interface Usual {
  readonly rps: number
  readonly rate: number
  readonly bounds: readonly number[]
  /** Share of the answers per bucket; none without a histogram. */
  readonly shares: readonly number[]
}

function usualOf(history: readonly Block[]): Usual {
  const sum = (pick: (block: Block) => number) => history.reduce((total, block) => total + pick(block), 0)
  const requests = sum(({ stable }) => stable.requests)
  const seconds = sum(({ from, to }) => to - from) / 1000
  const bounds = history.at(-1)?.stable.latency?.bounds ?? []
  const counts = history
    .at(-1)
    ?.stable.latency?.counts.map((_, j) => sum(({ stable }) => stable.latency?.counts[j] ?? 0))
  const answers = counts?.reduce((total, count) => total + count, 0) ?? 0
  return {
    rps: seconds === 0 ? 0 : requests / seconds,
    rate: requests === 0 ? 0 : sum(({ stable }) => stable.errors) / requests,
    bounds,
    shares: answers === 0 ? [] : (counts ?? []).map((count) => count / answers),
  }
}

interface Course {
  readonly usual: Usual
  readonly excess: number
  readonly blockMs: number
  readonly weightAt: ((ms: number) => number) | null
}

function play(
  settings: Settings,
  history: readonly Block[],
  { usual, excess, blockMs, weightAt }: Course,
): Cost | null {
  const arm = (share: number, more: number): Arm => {
    const requests = (usual.rps * share * blockMs) / 1000
    const errors = requests * Math.min(1, usual.rate + more)
    if (usual.shares.length === 0) return { requests, errors }
    return {
      requests,
      errors,
      latency: { bounds: usual.bounds, counts: usual.shares.map((part) => part * requests) },
    }
  }
  let state = begin(settings, history)
  let weight = 0
  for (let i = 0; i <= settings.horizon; i += 1) {
    const times = { from: i * blockMs, to: (i + 1) * blockMs }
    const block = { ...times, weight, canary: arm(weight, excess), stable: arm(1 - weight, 0) }
    const { state: next, verdict } = judge(state, block)
    if (verdict.kind === 'roll-back' || next.provenAt !== null) {
      const asAsked = (verdict.kind === 'roll-back') === excess > 0
      if (!asAsked) return null
      // The first block, without a canary, was only asked for the first weight.
      return {
        seconds: (i * blockMs) / 1000,
        canaryRequests: next.canary.requests,
        failed: next.canary.errors,
      }
    }
    state = next
    if (weightAt !== null) weight = weightAt(i * blockMs)
    else if (verdict.kind === 'continue') weight = verdict.weight
  }
  return null
}

import type { Arm, Block, Counts } from '../input/block.ts'
import { rebucket, usableBounds } from './buckets.ts'
import { edgeOf, latencyAlternatives } from './edge.ts'
import { latencyTerms } from './latency.ts'
import { above, proveLatency, provenBounds, tailsOf } from './latency-proof.ts'
import { restartingMixture, step, value, type Mixture, type Restarts } from '../evidence/mixture.ts'
import { historyDispersion } from '../variation/dispersion.ts'
import { alike } from '../variation/regime.ts'
import { beginReference, isRenewed, learn, type Reference } from './reference.ts'

/** State of the latency tests; JSON. */
export interface LatencyState {
  /**
   * `unseen`: no histogram came yet. `judged`: latency has its part of the budget. `absent`: the canary came without a histogram, or latency
   * is not to be judged; fixed for the rollout, and the whole budget is the errors'. `coarse`: too few buckets for the tolerance.
   */
  readonly kind: 'unseen' | 'judged' | 'absent' | 'coarse'
  readonly margin: number
  readonly reference: Reference | null
  readonly mixture: Mixture
  /** Positions of the bounds that a promotion is proven at, and the products of each. */
  readonly proven: readonly number[]
  readonly proofs: readonly number[]
  /** How long the canary has had traffic, in ms: its first half minute is a cold start. */
  readonly warm: number
  /** Counts per bucket since the evidence last stood at nothing. */
  readonly recent: { readonly canary: readonly number[]; readonly stable: readonly number[] }
}

const coldMs = 30_000
/** Minimum number of stable's answers for a usable distribution. */
const leastSeen = 500

const empty = { canary: [], stable: [] }

export function beginLatency(margin: number | null, history: readonly Block[]): LatencyState {
  const state: LatencyState = {
    kind: margin === null ? 'absent' : 'unseen',
    margin: margin ?? 1,
    reference: null,
    mixture: restartingMixture(latencyAlternatives),
    proven: [],
    proofs: [],
    warm: 0,
    recent: empty,
  }
  const first = history.find(({ stable }) => stable.latency !== undefined)?.stable.latency
  if (margin === null || first === undefined) return state
  const bounds = usableBounds(first.bounds, margin)
  if (bounds.length < 2) return { ...state, kind: 'coarse' }
  const counts = bucketsOfAll(history, bounds)
  return settle({ ...state, reference: beginReference(bounds, counts.slice(-presentOf(counts, bounds))) })
}

/** How many of the last blocks are as fast as the very last ones, at every bound. */
function presentOf(counts: readonly (readonly number[])[], bounds: readonly number[]): number {
  const each = bounds.map((_, j) => {
    const tails = counts.map((buckets) => above(buckets, j))
    return alike(tails, historyDispersion(tails))
  })
  return Math.min(counts.length, ...each)
}

/** Chooses the bounds of the proof as soon as stable's distribution is known; they stay. */
function settle(state: LatencyState): LatencyState {
  const { reference } = state
  if (reference === null || state.proven.length > 0) return state
  if (!isRenewed(reference) || seen(reference) < leastSeen) return state
  const proven = provenBounds(reference.q)
  if (proven.length === 0) return { ...state, kind: 'coarse' }
  return { ...state, proven, proofs: proven.map(() => 0) }
}

const seen = ({ history }: Reference): number => history.reduce((sum, count) => sum + count, 0)

/** The history's answers above each proven bound. */
export function tailCounts(
  { reference, proven }: LatencyState,
  history: readonly Block[],
): readonly (readonly Counts[])[] {
  if (reference === null) return []
  const counts = bucketsOfAll(history, reference.bounds)
  return proven.map((j) => counts.map((buckets) => above(buckets, j)))
}

/** One block. `phi` is the dispersion of the latencies. */
export function foldLatency(
  before: LatencyState,
  { canary, stable, from, to }: Block,
  { phi, restarts }: { readonly phi: number; readonly restarts: Restarts },
): LatencyState {
  const state = decideKind(before, canary, stable)
  if (state.kind === 'absent' || state.kind === 'coarse') return state
  const { reference } = state
  const hasTraffic = canary.requests > 0
  const warm = state.warm + (hasTraffic ? to - from : 0)
  if (reference === null) return { ...state, warm }
  const [c, s] = [bucketsOf(canary, reference.bounds), bucketsOf(stable, reference.bounds)]
  if (s === null) return { ...state, warm }
  const known = c !== null && state.warm >= coldMs && state.proven.length > 0
  const judged = known ? judgeBuckets(state, { canary: c, stable: s }, { reference, phi, restarts }) : state
  return settle({ ...judged, warm, reference: learn(reference, s) })
}

/** The canary's first requests decide once whether latency takes part. */
function decideKind(state: LatencyState, canary: Arm, stable: Arm): LatencyState {
  if (state.kind !== 'unseen') return state
  const histogram = stable.latency ?? canary.latency
  if (histogram === undefined) {
    return canary.requests > 0 && state.reference === null ? { ...state, kind: 'absent' } : state
  }
  const kind = canary.requests > 0 ? 'judged' : 'unseen'
  if (state.reference !== null) return { ...state, kind }
  const bounds = usableBounds(histogram.bounds, state.margin)
  if (bounds.length < 2) return { ...state, kind: 'coarse' }
  return { ...state, kind, reference: beginReference(bounds, []) }
}

interface Buckets {
  readonly canary: readonly number[]
  readonly stable: readonly number[]
}

function judgeBuckets(
  state: LatencyState,
  buckets: Buckets,
  { reference, phi, restarts }: { reference: Reference; phi: number; restarts: Restarts },
): LatencyState {
  const { margin, proven } = state
  const edge = edgeOf(reference, margin)
  const terms = latencyTerms(buckets.canary, buckets.stable, { edge, phi })
  if (terms === null) return state
  const tails = tailsOf(edge, proven)
  const begun = value(state.mixture) > 1 ? state.recent : empty
  return {
    ...state,
    mixture: step(state.mixture, terms, restarts),
    proofs: proveLatency(state.proofs, buckets, { tails, proven, phi }),
    recent: {
      canary: buckets.canary.map((count, j) => count + (begun.canary[j] ?? 0)),
      stable: buckets.stable.map((count, j) => count + (begun.stable[j] ?? 0)),
    },
  }
}

function bucketsOfAll(history: readonly Block[], bounds: readonly number[]): readonly (readonly number[])[] {
  return history.map(({ stable }) => bucketsOf(stable, bounds)).filter((buckets) => buckets !== null)
}

/** null if the arm has no histogram, or one of another layout. */
export function bucketsOf(arm: Arm, bounds: readonly number[]): readonly number[] | null {
  return arm.latency === undefined ? null : rebucket(arm.latency, bounds)
}

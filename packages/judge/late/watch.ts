// The watch over one version that has all traffic: its own and the old version's recent past is what it is compared with.
import type { Arm, Counts } from '../input/block.ts'
import { restartingMixture, step, value, type Mixture } from '../evidence/mixture.ts'
import { rateOf } from '../evidence/non-inferiority.ts'
import { edgeOf, latencyAlternatives } from '../latency/edge.ts'
import { bucketsOf } from '../latency/latency-state.ts'
import { learn, type Reference } from '../latency/reference.ts'
import { sumCounts, type State } from '../verdict/state.ts'
import { lateLatencyTerms } from './latency-terms.ts'
import { lateErrorAlternatives, lateErrorTerms, lateTrafficAlternatives, lateTrafficTerms } from './terms.ts'

/** JSON; bounded. */
export interface Watch {
  /** Blocks within the window; fixed at the start. */
  readonly horizon: number
  /** r0. */
  readonly margin: number
  readonly phi: { readonly errors: number; readonly latency: number }
  /** Stable's error rate when it last had traffic. */
  readonly usual: number
  /** The new version's own requests, fading. */
  readonly own: Counts
  /** Requests per ms, fading; null before anything was seen. */
  readonly pace: number | null
  readonly errors: Mixture
  /** null where requests do not follow the traffic. */
  readonly traffic: Mixture | null
  /** null where latency is not judged. */
  readonly latency: {
    readonly margin: number
    readonly reference: Reference
    readonly mixture: Mixture
  } | null
  /** Since the watch began. */
  readonly total: Counts
  /** Since the evidence of each was last at nothing, for the sentence. */
  readonly recent: Recent
}

interface Recent {
  readonly errors: Counts
  readonly slow: readonly number[]
  readonly traffic: { readonly got: number; readonly expected: number }
}

const halfLifeMs = 300_000
/** The traffic of a minute ago is what is expected now. */
const paceHalfLifeMs = 60_000
/** What stable's rate is worth beside the new version's own requests. */
const priorRequests = 2000
/** d: less is not looked into. */
const difference = 0.001
/** A counter that began again is no hang: two blocks are needed. The others have no cap: at all traffic every block counts. */
const trafficCap = 6
const nothing: Recent = { errors: { requests: 0, errors: 0 }, slow: [], traffic: { got: 0, expected: 0 } }

/**
 * The watch, from what the judge knew when all traffic came to the new version. `horizon`: blocks within the window, at least 1.
 */
export function beginWatch(state: State, horizon: number): Watch {
  const { settings, spread, latency, pace } = state
  const { reference, kind } = latency
  const judged = kind === 'judged' && latency.proven.length > 0 && reference !== null
  const usual = rateOf(state.rate)
  return {
    horizon,
    margin: settings.errorMargin,
    phi: { errors: spread.errors, latency: spread.latency },
    usual,
    own: scaled(state.canary, ((pace.rps ?? 0) * halfLifeMs) / 1000),
    pace: pace.rps === null ? null : pace.rps / 1000,
    errors: restartingMixture(lateErrorAlternatives),
    traffic: settings.expectTraffic ? restartingMixture(lateTrafficAlternatives) : null,
    latency: judged
      ? { margin: latency.margin, reference, mixture: restartingMixture(latencyAlternatives) }
      : null,
    total: nothing.errors,
    recent: nothing,
  }
}

/** At most so many requests, at the same rate. */
function scaled({ requests, errors }: Counts, most: number): Counts {
  return requests <= most ? { requests, errors } : { requests: most, errors: (errors * most) / requests }
}

/** The rate that is usual: the worse one of stable's and the version's own past. */
export const usualRate = ({ usual, own }: Watch): number =>
  Math.max(usual, (own.errors + priorRequests * usual) / (own.requests + priorRequests))

/** Adds a block of the new version alone. Every reference is of the past only: it learns from the block after the test. */
export function watch(
  before: Watch,
  { canary, from, to }: { readonly canary: Arm; readonly from: number; readonly to: number },
): Watch {
  const lasted = to - from
  const restarts = { horizon: before.horizon, cap: Infinity }
  const expected = (before.pace ?? 0) * lasted
  const rate = before.margin * usualRate(before) + difference
  const errors = lateErrorTerms(canary, { rate, phi: before.phi.errors })
  const traffic = before.traffic === null ? null : lateTrafficTerms(canary.requests, expected)
  const next: Watch = {
    ...before,
    errors: errors === null ? before.errors : step(before.errors, errors, restarts),
    traffic:
      before.traffic === null || traffic === null
        ? before.traffic
        : step(before.traffic, traffic, { ...restarts, cap: trafficCap }),
    own: faded(before.own, canary, 0.5 ** (lasted / halfLifeMs)),
    pace: paceOf(before.pace, canary.requests, lasted),
    total: sumCounts(before.total, canary),
  }
  const { latency, slow } = watchLatency(before, canary)
  return { ...next, latency, recent: recentOf(before, { canary, slow, expected }) }
}

function watchLatency(
  { latency, phi, horizon }: Watch,
  canary: Arm,
): { readonly latency: Watch['latency']; readonly slow: readonly number[] } {
  const counts = latency === null ? null : bucketsOf(canary, latency.reference.bounds)
  if (latency === null || counts === null) return { latency, slow: [] }
  const { reference, margin, mixture } = latency
  const terms = lateLatencyTerms(counts, { edge: edgeOf(reference, margin), phi: phi.latency })
  if (terms === null) return { latency, slow: [] }
  const stepped = step(mixture, terms, { horizon, cap: Infinity })
  return { latency: { margin, reference: learn(reference, counts), mixture: stepped }, slow: counts }
}

function recentOf(
  { recent, errors, latency, traffic }: Watch,
  {
    canary,
    slow,
    expected,
  }: { readonly canary: Counts; readonly slow: readonly number[]; readonly expected: number },
): Recent {
  const kept = {
    errors: value(errors) > 1 ? recent.errors : nothing.errors,
    slow: latency !== null && value(latency.mixture) > 1 ? recent.slow : [],
    traffic: traffic !== null && value(traffic) > 1 ? recent.traffic : nothing.traffic,
  }
  return {
    errors: sumCounts(kept.errors, canary),
    slow: slow.length === 0 ? kept.slow : slow.map((count, j) => count + (kept.slow[j] ?? 0)),
    traffic: { got: kept.traffic.got + canary.requests, expected: kept.traffic.expected + expected },
  }
}

const faded = (own: Counts, { requests, errors }: Counts, kept: number): Counts => ({
  requests: kept * own.requests + requests,
  errors: kept * own.errors + errors,
})

function paceOf(pace: number | null, requests: number, lasted: number): number | null {
  if (lasted <= 0) return pace
  const kept = 0.5 ** (lasted / paceHalfLifeMs)
  return pace === null ? requests / lasted : kept * pace + (1 - kept) * (requests / lasted)
}

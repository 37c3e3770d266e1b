// From series to blocks: growth between scrapes, latency per bucket, and why there is no block.
import { increments, within, type Increment } from './growth.ts'
import { inCommon, latencies, onBounds, type Histogram, type Latencies } from './latency.ts'
import type { Preset } from '../presets/preset.ts'
import type { Series } from '../series/series.ts'
import type { Scrapes } from '../series/targets.ts'

export interface ArmCounts {
  readonly requests: number
  readonly errors: number
  /** Of the requests, those answered with a status of 300 to 399, and of 400 to 499; absent without such a label. */
  readonly redirects?: number
  readonly rejects?: number
  readonly latency?: Histogram
}

/** Traffic of both versions between two scrapes; `from` and `to` in ms since 1970 by Prometheus' clock. */
export interface ScrapeBlock {
  readonly from: number
  readonly to: number
  readonly canary: ArmCounts
  readonly stable: ArmCounts
}

/** Raw scrapes of one version. */
export interface ArmSeries {
  readonly requests: readonly Series[]
  /** null = by the labels of `requests`. */
  readonly errors: readonly Series[] | null
  readonly latency: readonly Series[]
}

/** One version, ready to be counted over any interval. */
export interface Counter {
  readonly latency: Latencies | null
  count(from: number, to: number): Omit<ArmCounts, 'latency'>
}

export function counter(
  arm: ArmSeries,
  { isError, isGivenUp, statusOf, unit }: Pick<Preset, 'isError' | 'isGivenUp' | 'statusOf' | 'unit'>,
  scrapes: Scrapes,
): Counter {
  const grown = (series: readonly Series[]): readonly Increment[] =>
    series.flatMap((one) => increments(one, scrapes))
  const finished = arm.requests.filter(({ labels }) => isGivenUp?.(labels) !== true)
  const ofClass = (pattern: RegExp) => finished.filter(({ labels }) => pattern.test(statusOf?.(labels) ?? ''))
  const requests = grown(finished)
  const errors = grown(arm.errors ?? arm.requests.filter(({ labels }) => isError(labels)))
  const [redirects, rejects] = [grown(ofClass(/^3(\d\d|xx)$/i)), grown(ofClass(/^4(\d\d|xx)$/i))]
  const told = statusOf !== undefined && finished.some(({ labels }) => statusOf(labels) !== undefined)
  return {
    latency: latencies(arm.latency, unit, scrapes),
    count: (from, to) => ({
      requests: within(requests, from, to),
      errors: within(errors, from, to),
      ...(told ? { redirects: within(redirects, from, to), rejects: within(rejects, from, to) } : {}),
    }),
  }
}

/**
 * One block: each target's part runs from its last scrape at or before `from` to its last one at or before `to`, so that neighbouring windows
 * neither share nor lose a request, and both arms are cut at the same scrapes. `stableAt` if stable served at another time.
 */
export function block(
  { canary, stable }: { readonly canary: Counter; readonly stable: Counter },
  { from, to, stableAt = { from, to } }: Window,
): ScrapeBlock {
  const known = [canary.latency, stable.latency].filter((one) => one !== null)
  const bounds = inCommon(known)
  const arm = (one: Counter, window: { readonly from: number; readonly to: number }): ArmCounts => {
    const latency = bounds === null ? null : histogram(one.latency, bounds, window)
    return { ...one.count(window.from, window.to), ...(latency === null ? {} : { latency }) }
  }
  return { from, to, canary: arm(canary, { from, to }), stable: arm(stable, stableAt) }
}

export interface Window {
  readonly from: number
  readonly to: number
  readonly stableAt?: { readonly from: number; readonly to: number }
}

/** A version without a series yet has answered nothing. */
function histogram(
  latency: Latencies | null,
  bounds: readonly number[],
  window: { readonly from: number; readonly to: number },
): Histogram | null {
  return latency === null
    ? { bounds, counts: [...bounds.map(() => 0), 0] }
    : onBounds(latency, bounds, window)
}

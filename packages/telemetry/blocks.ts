import type { Series } from './prometheus.ts'

export interface ArmCounts {
  readonly requests: number
  readonly errors: number
  readonly latency?: { readonly bounds: readonly number[]; readonly counts: readonly number[] }
}

/** What both versions did between two scrapes; `from` and `to` in ms since 1970 by Prometheus' clock. */
export interface ScrapeBlock {
  readonly from: number
  readonly to: number
  readonly canary: ArmCounts
  readonly stable: ArmCounts
}

export interface Window {
  readonly from: number
  readonly to: number
  /** When each target was scraped, by `target`. */
  readonly scrapes: ReadonlyMap<string, readonly number[]>
}

/** Names the process that a series comes from: counters are only ever compared within one. */
export function target({ labels }: Series): string {
  return [labels['job'], labels['instance'], labels['namespace'], labels['pod']].join('|')
}

/**
 * What a counter grew by within the window. A target's part runs from its last scrape at or before `from` to its last one at or before
 * `to`, so that neighbouring windows neither share a request nor lose one, and both arms are cut at the same scrapes.
 * A value that fell is a restart: it counts from 0. A series that is new on a known target counts from 0; on a target that was never
 * seen before, its first value is the start.
 */
export function growth(series: Series, window: Window): number {
  const scrapes = window.scrapes.get(target(series)) ?? []
  const known = scrapes.some((at) => at <= window.from)
  const samples = series.samples.filter(({ at }) => at <= window.to)
  const before = samples.findLast(({ at }) => at <= window.from)
  const firstScrape = scrapes.find((at) => at > window.from)
  let last = before?.value ?? (known ? 0 : null)
  let sum = 0
  for (const { at, value } of samples) {
    if (at <= window.from) continue
    if (last === null) {
      // Appeared after the target's first scrape: it really began at 0.
      last = at === firstScrape ? value : 0
    }
    sum += value < last ? value : value - last
    last = value
  }
  return sum
}

export interface ArmSeries {
  readonly requests: readonly Series[]
  readonly latency: readonly Series[]
}

/** One version's counts within the window. */
export function countArm(
  arm: ArmSeries,
  isError: (labels: Series['labels']) => boolean,
  window: Window,
): ArmCounts {
  let requests = 0
  let errors = 0
  for (const series of arm.requests) {
    const grown = growth(series, window)
    requests += grown
    if (isError(series.labels)) errors += grown
  }
  const latency = histogram(arm.latency, window)
  return latency === null ? { requests, errors } : { requests, errors, latency }
}

/** Cumulative `le` buckets of all series to counts per bucket; null where there are none. */
function histogram(series: readonly Series[], window: Window): NonNullable<ArmCounts['latency']> | null {
  const cumulative = new Map<number, number>()
  for (const one of series) {
    const bound = one.labels['le'] === '+Inf' ? Infinity : Number(one.labels['le'])
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + growth(one, window))
  }
  const bounds = [...cumulative.keys()].sort((left, right) => left - right)
  if (bounds.at(-1) !== Infinity || bounds.some(Number.isNaN)) return null
  const counts = bounds.map((bound, i) =>
    Math.max(0, (cumulative.get(bound) ?? 0) - (i === 0 ? 0 : (cumulative.get(bounds[i - 1] ?? NaN) ?? 0))),
  )
  return { bounds: bounds.slice(0, -1), counts }
}

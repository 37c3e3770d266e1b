import type { HistogramSample, NativeBucket, Sample, Series } from '../series/series.ts'
import { target, type Scrapes } from '../series/targets.ts'

/** Growth of a counter between two scrapes. */
export interface Increment {
  readonly at: number
  readonly by: number
}

/**
 * A falling value is a restart: it counts from 0. A new series on a known target began at 0; on a target that
 * was never seen before, its first value is the start.
 */
export function increments(series: Series, scrapes: Scrapes): readonly Increment[] {
  let last = startOf(series, series.samples, scrapes)?.value ?? 0
  return series.samples.map(({ at, value }) => {
    const by = value < last ? value : value - last
    last = value
    return { at, by }
  })
}

/** Growth of a native histogram: counts per bucket, in its resolution at that time. */
export interface HistogramIncrement {
  readonly at: number
  readonly buckets: readonly NativeBucket[]
}

/** As `increments`; a restart is a count, of all or of a bucket, that fell. */
export function histogramIncrements(series: Series, scrapes: Scrapes): readonly HistogramIncrement[] {
  let last: HistogramSample | null = startOf(series, series.histograms, scrapes)
  return series.histograms.map((sample) => {
    const buckets = (last === null ? null : difference(sample, last)) ?? sample.buckets
    last = sample
    return { at: sample.at, buckets }
  })
}

/** Growth of a counter over its samples, and over how many ms; null with less than two. */
export function growthOf(series: Series): { readonly by: number; readonly ms: number } | null {
  const [first, last] = [series.samples[0], series.samples.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return null
  const by = increments(series, new Map()).reduce((sum, one) => sum + one.by, 0)
  return { by, ms: last.at - first.at }
}

/** Sum of the growth within (from, to]. */
export function within(grown: readonly Increment[], from: number, to: number): number {
  let sum = 0
  for (const { at, by } of grown) if (at > from && at <= to) sum += by
  return sum
}

/** The sample at which counting begins; null = it began at 0. */
function startOf<T extends Pick<Sample, 'at'>>(
  series: Series,
  samples: readonly T[],
  scrapes: Scrapes,
): T | null {
  const first = samples[0]
  const known = scrapes.get(target(series))?.[0]
  return first === undefined || (known !== undefined && known < first.at) ? null : first
}

/** null after a restart. Buckets may have been merged into wider ones meanwhile. */
function difference(now: HistogramSample, before: HistogramSample): readonly NativeBucket[] | null {
  if (now.count < before.count) return null
  const left = new Map(before.buckets.map((bucket) => [key(bucket), bucket]))
  const same = before.buckets.every((bucket) => now.buckets.some((one) => key(one) === key(bucket)))
  const buckets = now.buckets.map((bucket) => {
    const was = same ? [left.get(key(bucket))] : before.buckets.filter((one) => isWithin(one, bucket))
    return { ...bucket, count: was.reduce((count, one) => count - (one?.count ?? 0), bucket.count) }
  })
  return buckets.some(({ count }) => count < 0) ? null : buckets.filter(({ count }) => count > 0)
}

const key = ({ lower, upper }: NativeBucket): string => `${lower}|${upper}`

const isWithin = (inner: NativeBucket, outer: NativeBucket): boolean =>
  inner.lower >= outer.lower && inner.upper <= outer.upper

import { histogramIncrements, increments, type HistogramIncrement, type Increment } from './growth.ts'
import { identity, type NativeBucket, type Series } from '../series/series.ts'
import type { Scrapes } from '../series/targets.ts'

/** Counts per bucket, not cumulative; one more than the bounds (in seconds, rising), the last is above all of them. */
export interface Histogram {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** All histograms of one version, ready to be counted over any interval. */
export interface Latencies {
  /** Upper bounds shared by all histograms now, in seconds, rising, without +Inf. */
  readonly bounds: readonly number[]
  /** null for a time in which a histogram had other bounds: those counts do not fit these bounds. */
  count(from: number, to: number): readonly number[] | null
}

/** Four steps per doubling: native histograms of all but the coarsest resolutions are reduced to it. */
const nativeStep = 0.25
/** A histogram whose newest sample is older than this is obsolete. */
const currentMs = 120_000
/** From about 1 ms to 64 s. */
const nativeRange = { low: -10, high: 6 }

/**
 * Classic and native histograms as counts per bucket; native ones are preferred. `unit` = seconds that one unit of a
 * bound is. null = no histogram.
 */
export function latencies(series: readonly Series[], unit: number, scrapes: Scrapes): Latencies | null {
  const native = series.filter(({ histograms }) => histograms.length > 0)
  return native.length > 0 ? fromNative(native, unit, scrapes) : fromClassic(series, unit, scrapes)
}

/** Both versions on their common bounds; null = none. */
export function inCommon(arms: readonly Latencies[]): readonly number[] | null {
  const [first, ...rest] = arms
  if (first === undefined) return null
  const common = first.bounds.filter((bound) => rest.every(({ bounds }) => bounds.includes(bound)))
  return common.length === 0 ? null : common
}

/** Counts on fewer bounds; `bounds` is a subset of the arm's own. null if it was not at the time. */
export function onBounds(
  { bounds: own, count }: Latencies,
  bounds: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Histogram | null {
  const counted = count(from, to)
  if (counted === null) return null
  const counts = bounds.map(() => 0).concat(0)
  for (const [i, n] of counted.entries()) {
    const upper = own[i] ?? Infinity
    const j = bounds.findIndex((bound) => upper <= bound)
    const place = j === -1 ? bounds.length : j
    counts[place] = (counts[place] ?? 0) + n
  }
  return { bounds, counts }
}

function fromClassic(series: readonly Series[], unit: number, scrapes: Scrapes): Latencies | null {
  const groups = Map.groupBy(series, ({ labels }) => identity(labels, ['le']))
  const parsed = [...groups.values()].map(
    (buckets) => new Map(buckets.map((one) => [boundOf(one, unit), one])),
  )
  // Without +Inf, or with a bound that is not a number, it is not a histogram.
  const whole = parsed.filter((one) => one.has(Infinity) && ![...one.keys()].some(Number.isNaN))
  if (whole.length === 0 || whole.length < parsed.length) return null
  const bounds = boundsNow(whole)
  const grown = [...bounds, Infinity].map((bound) =>
    whole.flatMap((one) => {
      const bucket = one.get(bound)
      return bucket === undefined ? [] : increments(bucket, scrapes)
    }),
  )
  const others = otherTimes(whole, bounds)
  return {
    bounds,
    count: (from, to) =>
      others.some((at) => at > from && at <= to) ? null : unstack(grown.map((one) => sum(one, from, to))),
  }
}

/** The series of one histogram by their bounds. */
type Buckets = ReadonlyMap<number, Series>

/** A restarted gateway may use other buckets in series of the same names: the newest scrapes count. */
function boundsNow(histograms: readonly Buckets[]): readonly number[] {
  const last = (one: Series | undefined) => one?.samples.at(-1)?.at ?? -Infinity
  const latest = Math.max(...histograms.map((one) => last(one.get(Infinity))))
  const isNow = (one: Buckets) => latest - last(one.get(Infinity)) < currentMs
  const [first, ...rest] = histograms.filter(isNow)
  const has = (one: Buckets | undefined, bound: number) =>
    one !== undefined && last(one.get(bound)) >= last(one.get(Infinity))
  return [...(first?.keys() ?? [])]
    .filter((bound) => bound > 0 && bound < Infinity)
    .filter((bound) => has(first, bound) && rest.every((one) => has(one, bound)))
    .sort((a, b) => a - b)
}

/** The scrapes in which a histogram did not have all of `bounds`, and the first one after: its growth there is unknown. */
function otherTimes(histograms: readonly Buckets[], bounds: readonly number[]): readonly number[] {
  return histograms.flatMap((one) => {
    const times = bounds.map((bound) => new Set(one.get(bound)?.samples.map(({ at }) => at)))
    const all = one.get(Infinity)?.samples ?? []
    const isOther = all.map(({ at }) => !times.every((each) => each.has(at)))
    return all.flatMap(({ at }, i) => (isOther[i] === true || isOther[i - 1] === true ? [at] : []))
  })
}

function boundOf({ labels }: Series, unit: number): number {
  const { le = '' } = labels
  // 250 ms and 0.25 s are the same bound.
  return le === '+Inf' ? Infinity : le === '' ? NaN : Number((Number(le) * unit).toPrecision(12))
}

const sum = (grown: readonly Increment[], from: number, to: number): number =>
  grown.reduce((total, { at, by }) => (at > from && at <= to ? total + by : total), 0)

/** Cumulative to single. */
const unstack = (cumulative: readonly number[]): readonly number[] =>
  cumulative.map((count, i) => Math.max(0, count - (cumulative[i - 1] ?? 0)))

function fromNative(series: readonly Series[], unit: number, scrapes: Scrapes): Latencies {
  const grown = series.flatMap((one) => histogramIncrements(one, scrapes))
  const step = grown.reduce((widest, { buckets }) => Math.max(widest, ...buckets.map(widthOf)), nativeStep)
  const length = Math.floor((nativeRange.high - nativeRange.low) / step) + 1
  const bounds = Array.from({ length }, (_, i) => 2 ** (nativeRange.low + i * step))
  return { bounds, count: (from, to) => placed(grown, { from, to, unit, bounds }) }
}

/** In doublings, rounded up to 1/4, 1/2, 1, 2, 4 and so on; the bucket around zero has none. */
function widthOf({ lower, upper }: NativeBucket): number {
  if (lower <= 0 || upper === Infinity) return nativeStep
  return Math.max(nativeStep, 2 ** Math.round(Math.log2(Math.log2(upper / lower))))
}

interface Placing {
  readonly from: number
  readonly to: number
  readonly unit: number
  readonly bounds: readonly number[]
}

function placed(
  grown: readonly HistogramIncrement[],
  { from, to, unit, bounds }: Placing,
): readonly number[] {
  const counts = bounds.map(() => 0).concat(0)
  for (const { at, buckets } of grown) {
    if (at <= from || at > to) continue
    for (const { upper, count } of buckets) {
      // Bounds that differ by rounding only are equal.
      const i = bounds.findIndex((bound) => upper * unit <= bound * (1 + 1e-9))
      const place = i === -1 ? bounds.length : i
      counts[place] = (counts[place] ?? 0) + count
    }
  }
  return counts
}

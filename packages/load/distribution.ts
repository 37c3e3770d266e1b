/** Latencies in milliseconds. */
export interface Distribution {
  readonly count: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface Bucket {
  readonly belowMs: number
  readonly count: number
}

/** Exact percentiles by nearest rank, rounded to a tenth of a millisecond; all zero where nothing was measured. */
export function distribution(latencies: readonly number[]): Distribution {
  const sorted = Float64Array.from(latencies).sort()
  const rank = (q: number) => round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0)
  return {
    count: sorted.length,
    p50Ms: rank(0.5),
    p90Ms: rank(0.9),
    p95Ms: rank(0.95),
    p99Ms: rank(0.99),
    maxMs: rank(1),
  }
}

/** Counts for a histogram. Bounds double from 1 ms on, so that a few bars show both a millisecond and a minute. */
export function buckets(latencies: readonly number[]): readonly Bucket[] {
  const counts = new Map<number, number>()
  for (const ms of latencies) {
    const below = 2 ** Math.ceil(Math.log2(Math.max(ms, 1)))
    counts.set(below, (counts.get(below) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => a - b).map(([belowMs, count]) => ({ belowMs, count }))
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

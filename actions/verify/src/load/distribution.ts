export interface Distribution {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Exact percentiles by nearest rank; all zero where nothing was measured. */
export function distribution(latencies: readonly number[]): Distribution {
  const sorted = Float64Array.from(latencies).sort()
  const rank = (q: number) => round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0)
  return {
    count: sorted.length,
    p50: rank(0.5),
    p90: rank(0.9),
    p95: rank(0.95),
    p99: rank(0.99),
    max: rank(1),
  }
}

/** How many fall below each limit, for a picture of the shape. Limits double from 1 ms on; the last one holds the rest. */
export function buckets(
  latencies: readonly number[],
): readonly { readonly belowMs: number; readonly count: number }[] {
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

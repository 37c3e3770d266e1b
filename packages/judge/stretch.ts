/** A distribution over latency buckets: as many probabilities as bounds plus one; sums to 1. */
export type Distribution = readonly number[]

/** Cumulative probability at each bound. */
export function cumulative(q: Distribution): readonly number[] {
  let sum = 0
  return q.slice(0, -1).map((mass) => (sum += mass))
}

/**
 * The distribution of `factor` (>= 1) times the latency. Between bounds the CDF is linear in logit against the logarithm of latency; below
 * the first bound it goes on with the first segment's slope, at least 0.5; it never rises above the CDF itself.
 */
export function stretch(q: Distribution, bounds: readonly number[], factor: number): Distribution {
  const at = stretchedCdf(q, bounds, factor)
  return [...at, 1].map((value, j) => value - (at[j - 1] ?? 0))
}

/** The CDF at `bound / factor` for each bound. */
export function stretchedCdf(q: Distribution, bounds: readonly number[], factor: number): readonly number[] {
  const cdf = cumulative(q)
  const logits = cdf.map(logit)
  const logs = bounds.map(Math.log)
  const shift = Math.log(factor)
  return logs.map((log, j) => Math.min(cdf[j] ?? 1, interpolate(log - shift, logs, logits)))
}

function interpolate(x: number, logs: readonly number[], logits: readonly number[]): number {
  const slopeAfter = (j: number) =>
    ((logits[j + 1] ?? 0) - (logits[j] ?? 0)) / ((logs[j + 1] ?? 1) - (logs[j] ?? 0))
  const below = logs.findLastIndex((log) => log <= x)
  if (below < 0) {
    const slope = logs.length < 2 ? 0.5 : Math.max(0.5, slopeAfter(0))
    return expit((logits[0] ?? 0) + slope * (x - (logs[0] ?? 0)))
  }
  if (below >= logs.length - 1) return expit(logits[below] ?? 0)
  return expit((logits[below] ?? 0) + slopeAfter(below) * (x - (logs[below] ?? 0)))
}

function logit(value: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, value))
  return Math.log(p / (1 - p))
}

const expit = (x: number): number => 1 / (1 + Math.exp(-x))

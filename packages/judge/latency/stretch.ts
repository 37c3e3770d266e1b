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
  return masses(stretchedCdf(curveOf(q, bounds), factor))
}

/** What all stretches of one distribution have in common. */
export interface Curve {
  readonly cdf: readonly number[]
  readonly logits: readonly number[]
  readonly logs: readonly number[]
}

export function curveOf(q: Distribution, bounds: readonly number[]): Curve {
  const cdf = cumulative(q)
  return { cdf, logits: cdf.map(logit), logs: bounds.map(Math.log) }
}

/** The CDF at `bound / factor` for each bound. */
export function stretchedCdf({ cdf, logits, logs }: Curve, factor: number): readonly number[] {
  const shift = Math.log(factor)
  let below = -1
  return logs.map((log, j) => {
    const x = log - shift
    while (below + 1 < logs.length && (logs[below + 1] ?? 0) <= x) below += 1
    return Math.min(cdf[j] ?? 1, interpolate(x, below, { logs, logits }))
  })
}

/** The probabilities between the bounds of a CDF. */
export const masses = (cdf: readonly number[]): Distribution =>
  [...cdf, 1].map((value, j) => value - (cdf[j - 1] ?? 0))

/** `below`: the last bound that is not above x, -1 where there is none. */
function interpolate(x: number, below: number, { logs, logits }: Pick<Curve, 'logs' | 'logits'>): number {
  const from = Math.max(0, below)
  const [log = 0, logit0 = 0] = [logs[from], logits[from]]
  const last = from >= logs.length - 1
  const slope = last ? 0.5 : ((logits[from + 1] ?? 0) - logit0) / ((logs[from + 1] ?? 1) - log)
  if (below < 0) return expit(logit0 + Math.max(0.5, slope) * (x - log))
  return expit(last ? logit0 : logit0 + slope * (x - log))
}

function logit(value: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, value))
  return Math.log(p / (1 - p))
}

const expit = (x: number): number => 1 / (1 + Math.exp(-x))

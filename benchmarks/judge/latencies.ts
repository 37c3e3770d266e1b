/** Upper bounds in seconds, as Prometheus' clients have them by default. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Latency is lognormal, with a median of 60 ms. */
const median = Math.log(0.06)
const sigma = 0.7

export interface Pace {
  /** Latency, times this. */
  readonly slow: number
  /** This share takes ten times as long. */
  readonly tail: number
}

/** Most moments are as usual. */
const usual = latenciesOf({ slow: 1, tail: 0 })

/** Chances per bucket. */
export const latencies = (health: Pace): readonly number[] =>
  health.slow === 1 && health.tail === 0 ? usual : latenciesOf(health)

function latenciesOf({ slow, tail }: Pace): readonly number[] {
  const below = (bound: number, factor: number) => phi((Math.log(bound / factor) - median) / sigma)
  const cdf = bounds.map((bound) => (1 - tail) * below(bound, slow) + tail * below(bound, 10 * slow))
  return [...cdf, 1].map((value, j) => Math.max(0, value - (cdf[j - 1] ?? 0)))
}

/** The normal distribution, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function phi(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const upper = 0.3989422804014327 * Math.exp((-x * x) / 2) * poly
  return x >= 0 ? 1 - upper : upper
}

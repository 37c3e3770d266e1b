/** From a value to a place on the page. */
export type Scale = (value: number) => number

/** A straight way from the values `from` to the places `to`; what is outside stays at the edge. */
export function scale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const part = (value: number) => (value - from[0]) / (from[1] - from[0])
  return (value) => to[0] + Math.min(1, Math.max(0, part(value))) * (to[1] - to[0])
}

const ends = [1, 2, 4, 5, 8]

/** The next number that an axis of 0, half and all of it may end with. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value))
  return (ends.find((times) => times * unit >= value) ?? 10) * unit
}

const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]

/** Moments after the beginning, in ms, at which an axis of time of this length (ms) is labelled; at most 7. */
export function moments(lasted: number): readonly number[] {
  const step = 1000 * (seconds.find((one) => lasted <= 6000 * one) ?? Math.ceil(lasted / 6000))
  return Array.from({ length: Math.floor(lasted / step) + 1 }, (_, i) => i * step)
}

/** Exponents between `least` and `most` to be labelled; at most 5. */
export function powers(least: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil((most - least) / 4))
  const first = Math.ceil(least / step) * step
  return Array.from({ length: Math.floor((most - first) / step) + 1 }, (_, i) => first + i * step)
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `0.01`, `1`, `1000`, `10⁶`. */
export function powerOfTen(exponent: number): string {
  if (Math.abs(exponent) <= 3) return String(Number((10 ** exponent).toPrecision(1)))
  const digits = [...String(Math.abs(exponent))].map((digit) => raised[Number(digit)] ?? '').join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** Three figures at most: `0.04`, `9.8`, `792`, `1e+30`. */
export function short(value: number, figures = 3): string {
  const tiny = value > 0 && value < 1e-3
  return value >= 1e6 || tiny ? value.toExponential(0) : String(Number(value.toPrecision(figures)))
}

/** `90 ms`, `1.2 s`. */
export const duration = (ms: number): string => (ms < 1000 ? `${short(ms)} ms` : `${short(ms / 1000)} s`)

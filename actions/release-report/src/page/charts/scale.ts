import { scaleLinear, scaleUtc } from 'd3-scale'

/** From a value to a position on the page. */
export type Scale = (value: number) => number

/** Linear from the values `from` to the places `to`; values outside stay at the edge. */
export function scale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const linear = scaleLinear(from, to).clamp(true)
  return (value) => linear(value)
}

/** The next round number to end an axis that begins at 0. */
export function roundUp(value: number): number {
  return scaleLinear().domain([0, value]).nice(2).domain()[1] ?? value
}

/** Whole seconds after the beginning, in ms, at which a time axis of this length (ms) has labels: about five. */
export function moments(lastedMs: number): readonly number[] {
  return scaleUtc()
    .domain([0, lastedMs])
    .ticks(4)
    .map(Number)
    .filter((ms) => ms % 1000 === 0)
}

/** Exponents between `least` and `most` that have labels; at most 5. */
export function powers(least: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil((most - least) / 4))
  const first = Math.ceil(least / step) * step
  return Array.from({ length: Math.floor((most - first) / step) + 1 }, (_, i) => first + i * step)
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `0.01`, `1`, `1000`, `10⁶`. */
export function powerOfTen(exponent: number): string {
  if (Math.abs(exponent) <= 3) return `${Number((10 ** exponent).toPrecision(1))}`
  const digits = [...`${Math.abs(exponent)}`].map((digit) => superscripts[Number(digit)] ?? '').join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** At most three digits: `0.04`, `9.8`, `792`, `1e+30`. */
export function short(value: number, digits = 3): string {
  const tiny = value > 0 && value < 1e-3
  return value >= 1e6 || tiny ? value.toExponential(0) : `${Number(value.toPrecision(digits))}`
}

/** `90 ms`, `1.2 s`. */
export const duration = (ms: number): string => (ms < 1000 ? `${short(ms)} ms` : `${short(ms / 1000)} s`)

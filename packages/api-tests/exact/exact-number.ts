/** More than any protocol's integers have, and few enough to compute with. */
const mostDigits = 4096

export class NumberTooLong extends Error {}

const literal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** A number of JSON as it is written: a bigint where it is an integer that a double cannot hold exactly. Throws NumberTooLong beyond 4096 digits. */
export function exactNumber(value: number, source: string): number | bigint {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return value
  const { digits, exponent } = decimalOf(source)
  return exponent < 0 ? value : digits * 10n ** BigInt(exponent)
}

/** `digits * 10^exponent`, with as few digits as possible. */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

export function decimalOf(source: string): Decimal {
  const [, sign = '', whole = '', fraction = '', power = '0'] = literal.exec(source) ?? []
  const all = whole + fraction
  const digits = all.replace(/0+$/, '')
  const exponent = Number(power) - fraction.length + (all.length - digits.length)
  if (digits === '') return { digits: 0n, exponent: 0 }
  if (digits.length > mostDigits || Math.abs(exponent) > mostDigits)
    throw new NumberTooLong(`a number has more than ${mostDigits} digits`)
  return { digits: BigInt(sign + digits), exponent }
}

/** Whether a number divides another one, by their decimal digits: 19.99 is a multiple of 0.01. */
export function isMultiple(value: number | bigint, of: number | bigint): boolean {
  const [a, b] = [decimalOf(`${value}`), decimalOf(`${of}`)]
  if (b.digits === 0n) return false
  const least = Math.min(a.exponent, b.exponent)
  const scaled = ({ digits, exponent }: Decimal) => digits * 10n ** BigInt(exponent - least)
  return scaled(a) % scaled(b) === 0n
}

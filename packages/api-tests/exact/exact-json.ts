import { exactNumber } from './exact-number.ts'

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
/** The types of ES2024 do not know the source of a number, nor raw JSON. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

/** An integer that a double cannot hold has 16 digits, or an exponent. */
const mayHoldLarge = /\d{16}|\d[eE]/

/** JSON with each integer beyond 2^53 as a bigint; throws a SyntaxError, or NumberTooLong. */
export function parseExact(text: string): unknown {
  if (!mayHoldLarge.test(text)) return parse(text)
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactNumber(value, source) : value,
  )
}

/** The JSON of a value that may hold bigints. */
export function writeExact(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? rawJSON(`${inner}`) : inner,
  )
}

/** Equal values have the same text: keys in one order, and one form for each number. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return rawJSON(`${inner}`)
    if (typeof inner === 'number') {
      const exact = exactNumber(inner, `${inner}`)
      return typeof exact === 'bigint' ? rawJSON(`${exact}`) : inner
    }
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

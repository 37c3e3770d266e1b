// JSON of the API server keeps 64 bits of an integer. Integers beyond JavaScript's exact range are bigints here, in both directions.

declare global {
  interface JSON {
    /** Text that JSON.stringify writes as it is; of ECMAScript's "JSON.parse source text access", which Node has. */
    rawJSON(text: string): unknown
  }
}

/** Digits outside of a text that may be more than a number can hold. */
const mayBeLarge = /(?:^|[[:,])\s*-?\d{16}/

/** Throws SyntaxError where it is no JSON. */
export function fromJson(text: string): unknown {
  // A reviver is called for every value: it costs more than the parsing itself.
  if (!mayBeLarge.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? ''
    const isInexact = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    return isInexact ? BigInt(source) : value
  })
}

export const toJson = (value: unknown): string => JSON.stringify(value, exactly)

/** As the API server's own encoder writes it: a `test` in a patch compares texts by their bytes, escapes included. */
export const toServerJson = (value: unknown): string =>
  toJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** For JSON.stringify, which throws at a bigint. */
export function exactly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value
}

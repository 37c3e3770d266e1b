import { parseExact } from '../exact/exact-json.ts'
import { NumberTooLong } from '../exact/exact-number.ts'
import type { Reply } from '../send/http.ts'

/** `because`: the rest of a sentence about the body. */
export type ReadJson =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'none'; readonly because: string }

/** Integers beyond 2^53 are bigints. */
export function json({ body, unread }: Reply): ReadJson {
  if (unread !== undefined) return { kind: 'none', because: unread }
  try {
    return { kind: 'json', value: parseExact(body) }
  } catch (error) {
    const because = error instanceof NumberTooLong ? `cannot be read: ${error.message}` : 'is not JSON'
    return { kind: 'none', because }
  }
}

import { createHash } from 'node:crypto'
import { exactly } from '@alt-las/kubernetes'

export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : exactly(key, inner),
  )
}

/** Twelve hexadecimal digits of SHA-256 over the value as JSON with sorted keys. */
export function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12)
}

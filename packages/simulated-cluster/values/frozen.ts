// JSON values as the store keeps them: frozen, compared, and named by their content.
/**
 * JSON as the store keeps it: never changes, so that readers, snapshots and forks share it. What is frozen already is taken as it is; the
 * rest is copied, so that a caller's own object is not frozen.
 */
export function frozen<T>(value: T): T {
  return freeze(value) as T
}

function freeze(value: unknown): unknown {
  if (Object.isFrozen(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map(freeze))
  const copy: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value as object)) {
    if (inner !== undefined) copy[key] = freeze(inner)
  }
  return Object.freeze(copy)
}

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Equality of JSON values, whatever the order of keys; a key whose value is undefined counts as none. */
export function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => equal(item, right[index]))
  }
  const one = left as Fields
  const other = right as Fields
  for (const key in one) if (!equal(one[key], other[key])) return false
  for (const key in other) if (one[key] === undefined && other[key] !== undefined) return false
  return true
}

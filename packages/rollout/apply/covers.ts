/**
 * True where the live object has everything that is wanted, whatever else it has: nothing to apply. The API server leaves out empty
 * values, so these are there when nothing is.
 */
export function covers(live: unknown, wanted: unknown): boolean {
  if (live === undefined && isEmpty(wanted)) return true
  if (Array.isArray(wanted)) return Array.isArray(live) && coversList(live, wanted)
  if (typeof wanted !== 'object' || wanted === null) return live === wanted
  if (typeof live !== 'object' || live === null) return false
  return Object.entries(wanted).every(([key, value]) => covers((live as Record<string, unknown>)[key], value))
}

export function coversList(live: readonly unknown[], wanted: readonly unknown[]): boolean {
  return live.length === wanted.length && wanted.every((value, index) => covers(live[index], value))
}

export function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === null || value === '' || value === 0 || value === false
}

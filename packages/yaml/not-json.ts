/** More than the limits of the text allow, for what aliases repeat. */
const mostValues = 1_000_000
const mostLevels = 100

/**
 * Why a value is no bounded JSON: YAML also knows sets, bytes, `.nan` and circles, and JSON can nest without an end. null where it is one.
 */
export function notJson(root: unknown): string | null {
  let left = mostValues
  const walk = (value: unknown, level: number): string | null => {
    left -= 1
    if (left < 0) return `it holds more than ${mostValues} values with its aliases`
    if (level > mostLevels) return `it nests deeper than ${mostLevels} levels, or holds itself`
    if (typeof value === 'number') return Number.isFinite(value) ? null : `${value} is no number of JSON`
    if (typeof value === 'bigint') return null
    if (typeof value !== 'object' || value === null) return null
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
      return 'it holds a value that JSON has no form for, such as a set or bytes'
    for (const inner of Object.values(value)) {
      const what = walk(inner, level + 1)
      if (what !== null) return what
    }
    return null
  }
  return walk(root, 0)
}

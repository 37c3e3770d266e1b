export interface Part {
  readonly [key: string]: unknown
}

/** Objects are merged; lists and values of `change` take the place of the old ones; null removes. */
export function merged(base: Part, change: Part): Part {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(change)])]
  const entries = keys.map((key) => {
    const [one, other] = [base[key], change[key]]
    if (!(key in change)) return [key, one] as const
    return [key, isPart(one) && isPart(other) ? merged(one, other) : other] as const
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== null))
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An unchecked object of a document. */
export type Facts = Readonly<Record<string, unknown>>

export function asRecord(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {}
}

/** The objects of a list; any other item becomes an empty object. */
export function asRecords(value: unknown): readonly Facts[] {
  return Array.isArray(value) ? value.map(asRecord) : []
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The same facts under other names. */
export function renamed(facts: Facts, names: Readonly<Record<string, string>>): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [Object.hasOwn(names, key) ? names[key] : key, value]),
  ) as Facts
}

import type { Parser } from '@alt-las/runner'

/** `NAME=value`; value is null for a bare `NAME`, whose value comes from the environment. */
export interface Entry {
  readonly key: string
  readonly value: string | null
}

/** Lines of `KEY=value`; a line that begins with a quote may span lines and doubles a quote inside, as in CSV. */
export const entries: Parser<readonly Entry[]> = (raw) => records(raw).map(toEntry)

/** Lines of `KEY=value` where the value must be given; a key may stand only once. */
export const pairs: Parser<readonly (Entry & { readonly value: string })[]> = (raw, name) => {
  const all = entries(raw, name)
  const seen = new Set<string>()
  return all.map(({ key, value }) => {
    if (value === null) throw new Error(`got ${shown(key)} without a value, expected KEY=value`)
    if (seen.has(key)) throw new Error(`got ${key} twice, expected each key once`)
    seen.add(key)
    return { key, value }
  })
}

/** `pairs` whose values are secret: a malformed line is named by its number only. */
export const secretPairs: Parser<readonly (Entry & { readonly value: string })[]> = (raw) =>
  records(raw).map((record, index) => {
    const { key, value } = splitAt(record)
    if (value === null || value === '' || !/^[\w.-]+$/.test(key))
      throw new Error(
        `entry ${index + 1} is malformed, expected ID=value with an id of letters, digits, _ . or -`,
      )
    return { key, value }
  })

/** What stands behind `ID=` in each entry; also of a text that does not parse, line by line. Never throws. */
export function secretsIn(raw: string): readonly string[] {
  const lines = raw.split('\n').map((line) => splitAt(line).value ?? line)
  try {
    return [...records(raw).map((record) => splitAt(record).value ?? record), ...lines]
  } catch {
    return [raw, ...lines]
  }
}

/** Words separated by lines or commas. */
export const words: Parser<readonly string[]> = (raw) =>
  raw
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

function toEntry(record: string): Entry {
  const entry = splitAt(record)
  if (entry.key === '' || /\s/.test(entry.key))
    throw new Error(`got ${shown(record)}, expected KEY=value with a key without spaces`)
  return entry
}

function splitAt(record: string): Entry {
  const at = record.indexOf('=')
  return at === -1
    ? { key: record.trim(), value: null }
    : { key: record.slice(0, at).trim(), value: record.slice(at + 1) }
}

function records(raw: string): readonly string[] {
  const found: string[] = []
  const pattern = /[^\S\n]*(?:"((?:[^"]|"")*)"|([^\n]*))(?:\n|$)/y
  while (pattern.lastIndex < raw.length) {
    const match = pattern.exec(raw)
    if (match === null) throw new Error('has a quote that is not closed, or text after a closing quote')
    const [, quoted, plain] = match
    const record = quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"')
    if (quoted === undefined && record.startsWith('"')) throw new Error('has a quote that is not closed')
    if (record !== '') found.push(record)
  }
  return found
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}

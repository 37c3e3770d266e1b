import { placeholderProblem } from './placeholders.ts'

/** One line of the input `tags`. */
export type TagRule = SemverRule | RefRule | ShaRule | RawRule | ScheduleRule

interface Common {
  readonly enable: boolean
  readonly prefix: string
  readonly suffix: string
}

export interface SemverRule extends Common {
  readonly kind: 'semver'
  readonly pattern: string
  /** A version to use instead of the ref's. */
  readonly value: string | null
}

interface RefRule extends Common {
  readonly kind: 'ref'
  readonly event: 'branch' | 'tag' | 'pr'
}

interface ShaRule extends Common {
  readonly kind: 'sha'
  readonly format: 'short' | 'long'
}

interface RawRule extends Common {
  readonly kind: 'raw'
  readonly value: string
}

interface ScheduleRule extends Common {
  readonly kind: 'schedule'
  readonly pattern: string
}

const attributes: Readonly<Record<string, readonly string[]>> = {
  semver: ['pattern', 'value'],
  ref: ['event'],
  sha: ['format'],
  raw: ['value'],
  schedule: ['pattern'],
}
const common = ['type', 'enable', 'prefix', 'suffix']

/** Reads the lines of `tags`; throws one Error that names every wrong line. */
export function parseRules(raw: string): readonly TagRule[] {
  const problems: string[] = []
  const lines = raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const rules = lines.flatMap((line) => {
    try {
      return [parseRule(line)]
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
      return []
    }
  })
  if (problems.length > 0) throw new Error(problems.join('; '))
  return rules
}

/** A tag has 128 characters at most. */
const longestRule = 1024

function parseRule(line: string): TagRule {
  if (line.length > longestRule)
    throw bad(`${line.slice(0, 60)}…`, `a rule of at most ${longestRule} characters`)
  const given = fieldsOf(line)
  const kind = given.get('type') ?? 'raw'
  const allowed = attributes[kind]
  if (allowed === undefined) throw bad(line, `type ${Object.keys(attributes).join(', ')}`)
  const unknown = [...given.keys()].find((key) => ![...common, ...allowed].includes(key))
  if (unknown !== undefined)
    throw bad(line, `only ${[...allowed, ...common.slice(1)].join(', ')} with type=${kind}`)
  for (const key of ['prefix', 'suffix', ...(kind === 'raw' ? ['value'] : [])]) {
    const problem = placeholderProblem(given.get(key) ?? '')
    if (problem !== null) throw bad(line, problem)
  }
  const shared = {
    enable: enableOf(line, given),
    prefix: given.get('prefix') ?? '',
    suffix: given.get('suffix') ?? '',
  }
  switch (kind) {
    case 'semver':
      return { ...shared, kind, pattern: semverPattern(line, given), value: given.get('value') ?? null }
    case 'ref': {
      const event = oneOf(line, given, { name: 'event', of: ['branch', 'tag', 'pr'] })
      return { ...shared, kind, event, prefix: given.get('prefix') ?? (event === 'pr' ? 'pr-' : '') }
    }
    case 'sha': {
      const format = given.has('format')
        ? oneOf(line, given, { name: 'format', of: ['short', 'long'] })
        : 'short'
      return { ...shared, kind, format, prefix: given.get('prefix') ?? 'sha-' }
    }
    case 'schedule':
      return { ...shared, kind, pattern: schedulePattern(line, given.get('pattern') ?? 'nightly') }
    default: {
      const value = given.get('value') ?? ''
      if (value === '') throw bad(line, 'a value, e.g. type=raw,value=stable')
      return { ...shared, kind: 'raw', value }
    }
  }
}

// A line without a key is a raw tag, as in metadata-action.
function fieldsOf(line: string): ReadonlyMap<string, string> {
  if (!line.includes('=')) return new Map([['value', line]])
  const fields = line.match(/(?:[^,"]|"[^"]*")+/g) ?? []
  return new Map(
    fields.map((field) => {
      const plain = field.trim().replace(/^"(.*)"$/, '$1')
      const equals = plain.indexOf('=')
      if (equals < 1) throw bad(line, 'fields key=value, separated by commas')
      return [
        plain.slice(0, equals).trim().toLowerCase(),
        plain
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      ]
    }),
  )
}

function enableOf(line: string, given: ReadonlyMap<string, string>): boolean {
  const text = given.get('enable') ?? 'true'
  if (text !== 'true' && text !== 'false') throw bad(line, 'enable=true or enable=false')
  return text === 'true'
}

function oneOf<const T extends string>(
  line: string,
  given: ReadonlyMap<string, string>,
  wanted: { readonly name: string; readonly of: readonly T[] },
): T {
  const found = wanted.of.find((one) => one === given.get(wanted.name))
  if (found === undefined) throw bad(line, `${wanted.name}= one of ${wanted.of.join(', ')}`)
  return found
}

function semverPattern(line: string, given: ReadonlyMap<string, string>): string {
  const pattern = given.get('pattern') ?? ''
  const rest = pattern.replace(/\{\{\s*(?:raw|version|major|minor|patch)\s*\}\}/g, '')
  if (pattern === '' || /[{}]/.test(rest))
    throw bad(line, 'a pattern of {{version}}, {{major}}, {{minor}}, {{patch}}, {{raw}} and plain text')
  return pattern
}

function schedulePattern(line: string, pattern: string): string {
  if (pattern === '') throw bad(line, "a pattern of plain text and {{date 'YYYYMMDD'}}")
  const problem = placeholderProblem(pattern)
  if (problem !== null) throw bad(line, problem)
  return pattern
}

function bad(line: string, expected: string): Error {
  return new Error(`got ${JSON.stringify(line)}, expected ${expected}`)
}

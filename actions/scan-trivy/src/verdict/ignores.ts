import { Failure } from '@alt-las/failure'
import { parse } from 'yaml'

/** One entry of an ignore file. */
export interface Ignore {
  readonly id: string
  /** ms since 1970 at which it ends, null for never. */
  readonly until: number | null
}

/** The ignore file that Trivy is given: always one of ours, so that none in a working directory is taken silently. */
export interface IgnoreFile {
  readonly name: '.trivyignore' | '.trivyignore.yaml'
  readonly text: string
  readonly entries: readonly Ignore[]
}

/** Joins ignore files, plain ones or one YAML. Throws Failure `bad-ignore-file` (fault input): Trivy itself drops a bad entry with a warning only. */
export function readIgnores(files: readonly { readonly path: string; readonly text: string }[]): IgnoreFile {
  const yaml = files.find(({ path }) => /\.ya?ml$/.test(path))
  if (yaml === undefined) {
    const entries = files.flatMap(({ path, text }) => plainEntries(path, text))
    return { name: '.trivyignore', text: files.map(({ text }) => text).join('\n'), entries }
  }
  if (files.length > 1) throw bad(yaml.path, 'a YAML ignore file cannot be joined with others, give it alone')
  return { name: '.trivyignore.yaml', text: yaml.text, entries: yamlEntries(yaml.path, yaml.text) }
}

/** Entries that have ended, and entries that took nothing out: both are to be cleaned up. */
export function staleIgnores(
  entries: readonly Ignore[],
  suppressed: readonly string[],
  now: number,
): { readonly expired: readonly string[]; readonly unused: readonly string[] } {
  const used = new Set(suppressed)
  const expired = entries.filter(({ until }) => until !== null && until <= now)
  const live = entries.filter((entry) => !expired.includes(entry))
  return {
    expired: unique(expired),
    unused: unique(live.filter(({ id }) => !used.has(id))),
  }
}

function plainEntries(path: string, text: string): readonly Ignore[] {
  return text.split('\n').flatMap((line, index) => {
    const [id, ...rest] = line
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
    if (id === undefined || id === '') return []
    const until = rest.length === 0 ? null : endOf(rest.join(' ').replace(/^exp:/, ''))
    if (Number.isNaN(until))
      throw bad(
        `${path}:${String(index + 1)}`,
        `got ${JSON.stringify(line.trim())}, expected ID or ID exp:YYYY-MM-DD`,
      )
    return [{ id, until }]
  })
}

function yamlEntries(path: string, text: string): readonly Ignore[] {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message : String(error))
  }
  if (typeof document !== 'object' || document === null) throw bad(path, 'it is no mapping')
  return Object.values(document as Record<string, unknown>)
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .map((entry) => {
      const { id, expired_at: end } = entry as { readonly id?: unknown; readonly expired_at?: unknown }
      if (typeof id !== 'string') throw bad(path, 'an entry has no id')
      const until = end === undefined ? null : endOf(String(end))
      if (Number.isNaN(until))
        throw bad(path, `${id} has expired_at ${JSON.stringify(end)}, expected YYYY-MM-DD`)
      return { id, until }
    })
}

function endOf(date: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN
}

function unique(entries: readonly Ignore[]): readonly string[] {
  return [...new Set(entries.map(({ id }) => id))]
}

function bad(where: string, what: string): Failure<'bad-ignore-file'> {
  return new Failure('bad-ignore-file', `trivyignores: ${where}: ${what}`, { fault: 'input' })
}

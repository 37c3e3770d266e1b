import { Failure } from '@alt-las/failure'
import { resolve } from 'node:path'
import { badInputs } from '@alt-las/runner'
import { readOneYaml } from '@alt-las/yaml'
import type { Ports } from '../ports.ts'
import { findingName } from './finding.ts'

/** One entry of an ignore file. */
export interface Ignore {
  readonly id: string
  /** ms since 1970 at which it ends; null = never. */
  readonly until: number | null
}

/** The ignore file that Trivy gets: always one of ours, so that Trivy never takes one from a directory. */
export interface IgnoreFile {
  readonly name: '.trivyignore' | '.trivyignore.yaml'
  readonly text: string
  readonly entries: readonly Ignore[]
}

/** Reads the ignore files of the input. Throws Failure `bad-inputs` or `bad-ignore-file`. */
export async function loadIgnores(
  paths: readonly string[],
  { files, environment }: Pick<Ports, 'files' | 'environment'>,
): Promise<IgnoreFile> {
  const read = await Promise.all(
    paths.map(async (path) => ({ path, text: await files.read(resolve(environment.workspace, path)) })),
  )
  const missing = read.filter(({ text }) => text === null)
  if (missing.length > 0)
    throw badInputs(missing.map(({ path }) => `trivyignores: got ${path}, which does not exist`))
  return joinIgnores(read.map(({ path, text }) => ({ path, text: text ?? '' })))
}

/** Joins plain ignore files, or takes one YAML file. Throws Failure `bad-ignore-file` (fault input): Trivy itself only warns of a bad entry and drops it. */
export function joinIgnores(files: readonly { readonly path: string; readonly text: string }[]): IgnoreFile {
  const yaml = files.find(({ path }) => /\.ya?ml$/.test(path))
  if (yaml === undefined) {
    const plain = files.map(({ path, text }) => ({ path, text: withoutMark(text) }))
    const entries = plain.flatMap(({ path, text }) => plainEntries(path, text))
    return { name: '.trivyignore', text: plain.map(({ text }) => text).join('\n'), entries }
  }
  if (files.length > 1)
    throw bad(yaml.path, 'got a YAML file among others, expected it alone: it cannot be joined')
  const text = withoutMark(yaml.text)
  return { name: '.trivyignore.yaml', text, entries: yamlEntries(yaml.path, text) }
}

/** Entries that have ended, and entries that suppressed nothing: both can be removed. */
export function staleIgnores(
  entries: readonly Ignore[],
  suppressed: readonly string[],
  now: number,
): { readonly expired: readonly string[]; readonly unused: readonly string[] } {
  const used = new Set(suppressed.map(findingName))
  const expired = entries.filter(({ until }) => until !== null && until <= now)
  const live = entries.filter((entry) => !expired.includes(entry))
  const without = live.filter(({ id }) => !used.has(findingName(id)))
  // Trivy also takes names such as use-copy-over-add and does not report them: such an entry may be the one that suppressed a finding.
  const names = new Set(live.map(({ id }) => findingName(id)))
  const hasUnknown = [...used].some((name) => !names.has(name))
  return {
    expired: unique(expired),
    unused: unique(
      hasUnknown ? without.filter(({ id }) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(id)) : without,
    ),
  }
}

// The byte order mark of an editor; Trivy would take it for a part of the first id.
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

function plainEntries(path: string, text: string): readonly Ignore[] {
  return text.split('\n').flatMap((line, index) => {
    const [id, ...rest] = line
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
    if (id === undefined || id === '') return []
    const until =
      rest.length === 0 ? null : endOf(/^exp:(\d{4}-\d{2}-\d{2})$/.exec(rest.join(' '))?.[1] ?? '')
    if (Number.isNaN(until))
      throw bad(
        `${path}:${index + 1}`,
        `got ${JSON.stringify(line.trim())}, expected ID or ID exp:YYYY-MM-DD`,
      )
    return [{ id, until }]
  })
}

function yamlEntries(path: string, text: string): readonly Ignore[] {
  const read = readOneYaml(text)
  if (read.kind === 'mistake') throw bad(`${path}:${read.line}`, read.what)
  const document = read.value
  // A file of comments only.
  if (document === null) return []
  if (typeof document !== 'object') throw bad(path, 'got another value, expected a mapping')
  return Object.values(document as Record<string, unknown>)
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .map((entry) => {
      const { id, expired_at: end } = (entry ?? {}) as {
        readonly id?: unknown
        readonly expired_at?: unknown
      }
      if (typeof id !== 'string') throw bad(path, 'got an entry without an id, expected an id in each')
      const until = end === undefined || end === null ? null : typeof end === 'string' ? endOf(end) : NaN
      if (Number.isNaN(until))
        throw bad(
          path,
          `${id} has expired_at ${JSON.stringify(end)}, expected YYYY-MM-DD, with or without a time`,
        )
      return { id, until }
    })
}

/** ms since 1970; a time without a zone is UTC, as in Trivy. NaN for other text. */
function endOf(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)\s?([Zz]|[+-]\d{2}:\d{2})?)?$/.exec(
    text,
  )
  if (match === null) return NaN
  const [, date = '', time = '00:00:00', zone = 'Z'] = match
  return Date.parse(`${date}T${time}${zone.toUpperCase()}`)
}

function unique(entries: readonly Ignore[]): readonly string[] {
  return [...new Set(entries.map(({ id }) => id))]
}

function bad(where: string, what: string): Failure<'bad-ignore-file'> {
  return new Failure('bad-ignore-file', `trivyignores: ${where}: ${what}`, { fault: 'input' })
}

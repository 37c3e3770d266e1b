import { Failure } from '@alt-las/failure'
import { resolve } from 'node:path'
import { badInputs } from '@alt-las/runner'
import { parse } from 'yaml'
import type { Ports } from '../ports.ts'

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
    const entries = files.flatMap(({ path, text }) => plainEntries(path, text))
    return { name: '.trivyignore', text: files.map(({ text }) => text).join('\n'), entries }
  }
  if (files.length > 1)
    throw bad(yaml.path, 'got a YAML file among others, expected it alone: it cannot be joined')
  return { name: '.trivyignore.yaml', text: yaml.text, entries: yamlEntries(yaml.path, yaml.text) }
}

/** Entries that have ended, and entries that suppressed nothing: both can be removed. */
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
  if (typeof document !== 'object' || document === null)
    throw bad(path, 'got another value, expected a mapping')
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

import type { SemverRule } from './tag-rules.ts'
import { parseVersion, type Version } from './version.ts'

/** Reads the whole version that a tag spells; null where it spells none. */
export type ReadVersion = (tag: string) => Version | null

const placeholder = /\{\{[^{}]*\}\}/g

/** How a rule spells whole versions; null for a rule that names less than a whole version. */
export function spellingOf({ prefix, pattern, suffix }: SemverRule): ReadVersion | null {
  return isWhole(pattern) ? readerOf(prefix + pattern + suffix) : null
}

/** Whether a pattern names the whole version. */
export function isWhole(pattern: string): boolean {
  const names = namesIn(pattern)
  return (
    names.has('raw') || names.has('version') || ['major', 'minor', 'patch'].every((name) => names.has(name))
  )
}

/** The names of a pattern's placeholders. */
export function namesIn(pattern: string): ReadonlySet<string> {
  return new Set((pattern.match(placeholder) ?? []).map(nameOf))
}

/** Whole versions as the tags of a family spell them: `api-1.2.3-slim` for `api-{{major}}-slim` and for `api-latest-slim`. */
export function familyOf({
  prefix,
  pattern,
  suffix,
}: Pick<SemverRule, 'prefix' | 'pattern' | 'suffix'>): string {
  const range = /\{\{.*\}\}|latest|stable/.exec(pattern)
  const before = range === null ? '' : pattern.slice(0, range.index)
  const after = range === null ? '' : pattern.slice(range.index + range[0].length)
  return `${prefix}${before}{{version}}${after}${suffix}`
}

/**
 * Reads tags of a template. A `v` before the version is optional, whatever the template has. A placeholder that is no version, such as
 * {{sha}}, stands for any text.
 */
export function readerOf(template: string): ReadVersion {
  const seen = new Set<string>()
  let source = ''
  let at = 0
  for (const { 0: whole, index } of template.matchAll(placeholder)) {
    const name = nameOf(whole)
    const part = seen.has(name) ? undefined : parts[name]
    seen.add(name)
    const text = template.slice(at, index)
    const isFirst = !/\(\?</.test(source)
    source +=
      part === undefined || !isFirst ? plain(text) : `${plain(text.replace(/(?<![a-z0-9])v$/i, ''))}v?`
    source += part ?? '[\\w.-]*'
    at = index + whole.length
  }
  const pattern = new RegExp(`^${source}${plain(template.slice(at))}$`)
  return (tag) => {
    const { version, major, minor, patch } = pattern.exec(tag)?.groups ?? {}
    return parseVersion(version ?? [major, minor, patch].join('.'))
  }
}

const version = '(?<version>\\d{1,10}\\.\\d{1,10}\\.\\d{1,10}(?:-[\\w.-]+?)?)'
const number = (name: string) => `(?<${name}>\\d{1,10})`
const parts: Readonly<Record<string, string>> = {
  version,
  raw: version,
  major: number('major'),
  minor: number('minor'),
  patch: number('patch'),
}

function nameOf(text: string): string {
  return text.slice(2, -2).trim()
}

// As a tag has it: other characters become dashes there.
function plain(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').replaceAll('.', '\\.')
}

import { after, fillPlaceholders, type PlaceholderContext } from './placeholders.ts'
import type { SemverRule, TagRule } from './tag-rules.ts'
import { isHigher, parseVersion, type Version } from './version.ts'

/** The context of a tag rule. */
export interface TagContext extends PlaceholderContext {
  /** `push`, `schedule`, `pull_request`. */
  readonly eventName: string
}

/** A tag that the rules ask for. */
export interface WantedTag {
  readonly tag: string
  /** Set where the tag stands for a range of versions: it moves only to the highest stable version of the range. */
  readonly floats: Floating | null
}

export interface Floating {
  readonly version: Version
  readonly range: 'all' | 'major' | 'minor'
  readonly prefix: string
  readonly suffix: string
}

/** The tags that the rules give, each once, in the order of the rules. A rule that does not fit the context gives none. */
export function wantedTags(rules: readonly TagRule[], context: TagContext): readonly WantedTag[] {
  const all = rules.filter(({ enable }) => enable).flatMap((rule) => fromRule(rule, context))
  return [...new Map(all.map((wanted) => [wanted.tag, guardLatest(wanted, context)])).values()]
}

/** The highest stable version in the range that is above the wanted one, by the existing tags; null where there is none. */
export function higherVersion(floats: Floating, existing: readonly string[]): Version | null {
  const { version, range, prefix, suffix } = floats
  const rivals = existing
    .filter(
      (tag) => tag.startsWith(prefix) && tag.endsWith(suffix) && tag.length > prefix.length + suffix.length,
    )
    .map((tag) => parseVersion(tag.slice(prefix.length, tag.length - suffix.length)))
    .filter((rival): rival is Version => rival?.prerelease === '')
    .filter((rival) => range === 'all' || rival.major === version.major)
    .filter((rival) => range !== 'minor' || rival.minor === version.minor)
    .filter((rival) => isHigher(rival, version))
  return rivals.reduce<Version | null>(
    (best, rival) => (best !== null && isHigher(best, rival) ? best : rival),
    null,
  )
}

function fromRule(rule: TagRule, context: TagContext): readonly WantedTag[] {
  const prefix = fillPlaceholders(rule.prefix, context)
  const suffix = fillPlaceholders(rule.suffix, context)
  if (prefix === null || suffix === null) return []
  if (rule.kind === 'semver') return fromVersion({ ...rule, prefix, suffix }, context)
  const text = plainText(rule, context)
  const tag = asTag(prefix + text + suffix)
  return text === '' || tag === '' ? [] : [{ tag, floats: null }]
}

function plainText(rule: Exclude<TagRule, SemverRule>, context: TagContext): string {
  switch (rule.kind) {
    case 'ref':
      return refTag(rule.event, context.ref)
    case 'sha':
      return rule.format === 'long' ? context.sha : context.sha.slice(0, 7)
    case 'raw':
      return fillPlaceholders(rule.value, context) ?? ''
    case 'schedule':
      return context.eventName === 'schedule' ? (fillPlaceholders(rule.pattern, context) ?? '') : ''
  }
}

function fromVersion(rule: SemverRule, context: TagContext): readonly WantedTag[] {
  const raw = rule.value ?? after('refs/tags/', context.ref)
  const version = parseVersion(raw)
  if (version === null) return []
  const range = rangeOf(rule.pattern)
  // A tag for several versions never points to a pre-release.
  if (range !== null && version.prerelease !== '') return []
  const values: Readonly<Record<string, string>> = {
    raw,
    version: version.text,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
  }
  const text = rule.pattern.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '')
  const { prefix, suffix } = rule
  return [
    {
      tag: asTag(prefix + text + suffix),
      floats: range === null ? null : { version, range, prefix, suffix },
    },
  ]
}

function rangeOf(pattern: string): Floating['range'] | null {
  const names = (name: string) => new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(pattern)
  if (names('raw') || names('version') || (names('major') && names('minor') && names('patch'))) return null
  if (!names('major')) return 'all'
  return names('minor') ? 'minor' : 'major'
}

// From a version tag, `latest` moves only to the highest version, whichever rule asks for it.
function guardLatest(wanted: WantedTag, context: TagContext): WantedTag {
  const version = parseVersion(after('refs/tags/', context.ref))
  if (wanted.tag !== 'latest' || wanted.floats !== null || version === null) return wanted
  return { ...wanted, floats: { version, range: 'all', prefix: '', suffix: '' } }
}

function refTag(event: 'branch' | 'tag' | 'pr', ref: string): string {
  const pattern = { branch: /^refs\/heads\/(.+)$/, tag: /^refs\/tags\/(.+)$/, pr: /^refs\/pull\/(\d+)\// }[
    event
  ]
  return pattern.exec(ref)?.[1] ?? ''
}

/** A valid tag: other characters become dashes; at most 128 characters. */
function asTag(text: string): string {
  return text
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128)
}

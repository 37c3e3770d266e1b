import type { SemverRule, TagRule } from './tag-rules.ts'
import { isHigher, parseVersion, type Version } from './version.ts'

/** What the tags are made of. */
export interface Facts {
  /** `refs/tags/v1.2.3`, `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string
  readonly sha: string
  /** `push`, `schedule`, `pull_request`. */
  readonly eventName: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A tag that the rules ask for. */
export interface Wanted {
  readonly tag: string
  /** Set where the tag stands for a range of versions, and so moves to the highest stable one in it only. */
  readonly floats: Floating | null
}

export interface Floating {
  readonly version: Version
  readonly range: 'all' | 'major' | 'minor'
  readonly prefix: string
  readonly suffix: string
}

/** The tags that the rules give for these facts, each once, in the order of the rules; a rule that does not fit the facts gives none. */
export function wantedTags(rules: readonly TagRule[], facts: Facts): readonly Wanted[] {
  const all = rules.filter(({ enable }) => enable).flatMap((rule) => fromRule(rule, facts))
  return [...new Map(all.map((wanted) => [wanted.tag, guardLatest(wanted, facts)])).values()]
}

/** The highest stable version among the tags that is above the wanted one within its range; null where there is none. */
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

function fromRule(rule: TagRule, facts: Facts): readonly Wanted[] {
  const plain = (text: string): readonly Wanted[] => {
    const tag = asTag(rule.prefix + text + rule.suffix)
    return text === '' || tag === '' ? [] : [{ tag, floats: null }]
  }
  switch (rule.kind) {
    case 'semver':
      return fromVersion(rule, facts)
    case 'ref':
      return plain(refTag(rule.event, facts.ref))
    case 'sha':
      return plain(rule.format === 'long' ? facts.sha : facts.sha.slice(0, 7))
    case 'raw':
      return plain(rule.value)
    case 'schedule':
      return facts.eventName === 'schedule' ? plain(withDates(rule.pattern, facts.now)) : []
  }
}

function fromVersion(rule: SemverRule, facts: Facts): readonly Wanted[] {
  const raw = rule.value ?? tagOf(facts.ref)
  const version = parseVersion(raw)
  if (version === null) return []
  const range = rangeOf(rule.pattern)
  // A pre-release has no share in a tag that stands for several versions.
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

// However `latest` was asked for: from a version it goes to the highest one only.
function guardLatest(wanted: Wanted, facts: Facts): Wanted {
  const version = parseVersion(tagOf(facts.ref))
  if (wanted.tag !== 'latest' || wanted.floats !== null || version === null) return wanted
  return { ...wanted, floats: { version, range: 'all', prefix: '', suffix: '' } }
}

function tagOf(ref: string): string {
  return ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : ''
}

function refTag(event: 'branch' | 'tag' | 'pr', ref: string): string {
  const pattern = { branch: /^refs\/heads\/(.+)$/, tag: /^refs\/tags\/(.+)$/, pr: /^refs\/pull\/(\d+)\// }[
    event
  ]
  return pattern.exec(ref)?.[1] ?? ''
}

function withDates(pattern: string, now: number): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = new Date(now)
    .toISOString()
    .split(/[-T:.]/)
  const parts: Readonly<Record<string, string>> = {
    YYYY: year,
    MM: month,
    DD: day,
    HH: hour,
    mm: minute,
    ss: second,
  }
  return pattern.replace(/\{\{\s*date\s+'([^']*)'\s*\}\}/g, (_, format: string) =>
    format.replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => parts[part] ?? ''),
  )
}

/** What a registry takes as a tag: other characters become dashes, at most 128 of them. */
function asTag(text: string): string {
  return text
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128)
}

import { familyOf, isWhole, namesIn, readerOf, spellingOf, type ReadVersion } from './spelling.ts'
import type { SemverRule, TagRule } from './tag-rules.ts'
import { isHigher, parseVersion, type Version } from './version.ts'

/** A tag that stands for a range of versions: it moves only to the highest stable version of the range. */
export interface Floating {
  /** What the tag would move to; null where the ref is no version. */
  readonly version: Version | null
  readonly range: Range
  /** How the whole versions that it stands for may be spelled as tags. */
  readonly spellings: readonly ReadVersion[]
}

/** null = any. */
interface Range {
  readonly major: number | null
  readonly minor: number | null
}

/** For a tag of a semver rule; null where the rule names the whole version. */
export function floatsBySemver(
  rule: SemverRule,
  version: Version,
  rules: readonly TagRule[],
): Floating | null {
  if (isWhole(rule.pattern)) return null
  const names = namesIn(rule.pattern)
  const major = names.has('major') ? version.major : null
  const range = { major, minor: names.has('major') && names.has('minor') ? version.minor : null }
  return { version, range, spellings: spellingsFor(familyOf(rule), rules) }
}

/** For a tag of another rule, by what it looks like: `latest`, `stable`, `1`, `v1.2`, with the rule's prefix and suffix. */
export function floatsByName(
  text: string,
  version: Version | null,
  { rule, rules }: { readonly rule: TagRule; readonly rules: readonly TagRule[] },
): Floating | null {
  if (rule.kind === 'sha' || (rule.kind === 'ref' && rule.event === 'pr')) return null
  const { before = '', name, major, minor, after = '' } = floatingName.exec(text)?.groups ?? {}
  if (name === undefined && major === undefined) return null
  if (parseVersion(text) !== null) return null
  // From a branch it means what the workflow says; `latest` means the highest version everywhere.
  if (name === 'stable' && version === null) return null
  const range = { major: numberOf(major), minor: numberOf(minor) }
  // Beside other text, `node-22`, only what is the version's own number stands for versions.
  const isOwn = version !== null && name === undefined && isWithin(version, range)
  if (before + after !== '' && name === undefined && !isOwn) return null
  if (version !== null && name === undefined && !isOwn) return null
  const pattern = `${before}{{version}}${after}`
  return { version, range, spellings: spellingsFor(familyOf({ ...rule, pattern }), rules) }
}

const floatingName =
  /^(?<before>(?:[\w.-]*?[_.-])??)(?:(?<name>latest|stable)|v?(?<major>\d{1,5})(?:\.(?<minor>\d{1,5}))?)(?<after>(?:[_-][\w.-]*)?)$/

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits)
}

// Where no rule spells whole versions in this tag's own way, those of every rule count: `1.2.4-slim` is a version of `1.2` then.
function spellingsFor(family: string, rules: readonly TagRule[]): readonly ReadVersion[] {
  const whole = rules.filter((rule): rule is SemverRule => rule.kind === 'semver' && isWhole(rule.pattern))
  const own = whole.filter((rule) => withoutV(familyOf(rule)) === withoutV(family))
  return [readerOf(family), ...(own.length > 0 ? own : whole).flatMap((rule) => spellingOf(rule) ?? [])]
}

function withoutV(family: string): string {
  return family.replace(/(?<![a-z0-9])v(?=\{\{)/i, '')
}

/** A tag and the whole version that it spells. */
export interface VersionTag {
  readonly tag: string
  readonly version: Version
}

/** The tags that spell a whole version of the range, the highest first. A tag that can be read as a stable version is one. */
export function versionTags(
  { range, spellings }: Floating,
  existing: readonly string[],
): readonly VersionTag[] {
  return existing
    .flatMap((tag): VersionTag[] => {
      const read = spellings.flatMap((spelling) => spelling(tag) ?? [])
      const best = read.find(({ prerelease }) => prerelease === '') ?? read[0]
      return best === undefined || !isWithin(best, range) ? [] : [{ tag, version: best }]
    })
    .toSorted((a, b) => (isHigher(b.version, a.version) ? 1 : -1))
}

/** The highest stable version of the range that is above the wanted one, by the existing tags; null where there is none. */
export function higherVersion(floats: Floating, existing: readonly string[]): Version | null {
  const { version } = floats
  const stable = versionTags(floats, existing).filter((one) => one.version.prerelease === '')
  const higher = stable.find((one) => version === null || isHigher(one.version, version))
  return higher?.version ?? null
}

function isWithin(version: Version, { major, minor }: Range): boolean {
  return (major === null || version.major === major) && (minor === null || version.minor === minor)
}

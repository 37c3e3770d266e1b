import { tagOf } from '@alt-las/registry'
import { floatsByName, floatsBySemver, type Floating } from './floating.ts'
import { after, fillPlaceholders, type PlaceholderContext } from './placeholders.ts'
import type { SemverRule, TagRule } from './tag-rules.ts'
import { parseVersion } from './version.ts'

/** The context of a tag rule. */
export interface TagContext extends PlaceholderContext {
  /** `push`, `schedule`, `pull_request`. */
  readonly eventName: string
}

/** A tag that the rules ask for. */
export interface WantedTag {
  readonly tag: string
  /** Set where the tag stands for a range of versions. */
  readonly floats: Floating | null
}

/** The tags that the rules give, each once, in the order of the rules. A rule that does not fit the context gives none. */
export function wantedTags(rules: readonly TagRule[], context: TagContext): readonly WantedTag[] {
  const found = new Map<string, WantedTag>()
  for (const rule of rules.filter(({ enable }) => enable)) {
    const wanted = fromRule(rule, rules, context)
    if (wanted === null) continue
    // Asked for twice, the careful way counts.
    const known = found.get(wanted.tag)
    if (known === undefined || known.floats === null) found.set(wanted.tag, wanted)
  }
  return [...found.values()]
}

function fromRule(given: TagRule, rules: readonly TagRule[], context: TagContext): WantedTag | null {
  const prefix = fillPlaceholders(given.prefix, context)
  const suffix = fillPlaceholders(given.suffix, context)
  if (prefix === null || suffix === null) return null
  if (given.kind === 'semver') return fromVersion(given, { prefix, suffix }, rules, context)
  const text = plainText(given, context)
  const tag = tagOf(prefix + text + suffix)
  if (text === '' || tag === '') return null
  // From a version tag, a tag such as `latest` moves only upwards, whichever rule asks for it.
  const version = parseVersion(after('refs/tags/', context.ref))
  return { tag, floats: floatsByName(tagOf(text), version, { rule: given, rules }) }
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

function fromVersion(
  rule: SemverRule,
  filled: Pick<SemverRule, 'prefix' | 'suffix'>,
  rules: readonly TagRule[],
  context: TagContext,
): WantedTag | null {
  const raw = rule.value ?? after('refs/tags/', context.ref)
  const version = parseVersion(raw)
  if (version === null) return null
  const floats = floatsBySemver(rule, version, rules)
  // A tag for several versions never points to a pre-release.
  if (floats !== null && version.prerelease !== '') return null
  const values: Readonly<Record<string, string>> = {
    raw,
    version: version.text,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
  }
  const text = rule.pattern.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '')
  const tag = tagOf(filled.prefix + text + filled.suffix)
  return tag === '' ? null : { tag, floats }
}

function refTag(event: 'branch' | 'tag' | 'pr', ref: string): string {
  const pattern = { branch: /^refs\/heads\/(.+)$/, tag: /^refs\/tags\/(.+)$/, pr: /^refs\/pull\/(\d+)\// }[
    event
  ]
  return pattern.exec(ref)?.[1] ?? ''
}

import type { Evidence } from '@alt-las/outcome'
import { accepts, type Uncovered } from '../trivy/coverage.ts'

/** What the database does not cover, on which platforms, and whether the input `accept-uncovered` names it. */
export type JudgedUncovered = Evidence<'scan-trivy'>['uncovered'][number]

/** Each name once. */
export function judgeUncovered(
  scans: readonly { readonly platform: string; readonly uncovered: readonly Uncovered[] }[],
  accepted: readonly string[],
): readonly JudgedUncovered[] {
  const all = scans.flatMap(({ platform, uncovered }) => uncovered.map((one) => ({ ...one, platform })))
  return [...Map.groupBy(all, ({ kind, name }) => `${kind}|${name}`).values()].flatMap((group) =>
    group.slice(0, 1).map(({ kind, name, because }) => ({
      ...{ kind, name, because },
      platforms: [...new Set(group.map(({ platform }) => platform))].filter((platform) => platform !== ''),
      isAccepted: accepted.some((entry) => accepts(entry, { kind, name, because })),
    })),
  )
}

/** Entries of `accept-uncovered` that name nothing here. */
export function unusedAccepts(
  uncovered: readonly JudgedUncovered[],
  accepted: readonly string[],
): readonly string[] {
  return accepted.filter((entry) => !uncovered.some((one) => accepts(entry, one)))
}

/** `fedora 40 is not covered by the vulnerability database`. */
export function uncoveredSentence({ name, because, platforms }: JudgedUncovered): string {
  return `${name} ${because}${platforms.length === 0 ? '' : ` (${platforms.join(', ')})`}`
}

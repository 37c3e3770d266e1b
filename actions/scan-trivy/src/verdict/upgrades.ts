import type { Finding } from './finding.ts'

/** One package to upgrade, and the findings that this clears. */
export interface Upgrade {
  readonly pkg: string
  readonly installed: string
  /** The lowest version with the fixes of all its findings. */
  readonly to: string
  /** Ids of the findings that it clears. */
  readonly clears: readonly string[]
}

/** Which package to which version clears how many findings; the one that clears most first. */
export function upgradesFor(findings: readonly Finding[]): readonly Upgrade[] {
  const fixable = findings.filter(({ kind, fixed }) => kind === 'vulnerability' && fixed !== '')
  const groups = Map.groupBy(fixable, ({ pkg, installed }) => `${pkg}\n${installed}`)
  return [...groups.values()]
    .map((group): Upgrade => {
      const [{ pkg, installed }] = group as [Finding, ...Finding[]]
      const needed = group.map(({ fixed }) => nearestFix(fixed, installed))
      const to = needed.reduce((high, next) => (compareVersions(next, high) > 0 ? next : high))
      return { pkg, installed, to, clears: [...new Set(group.map(({ id }) => id))] }
    })
    .toSorted((a, b) => b.clears.length - a.clears.length || a.pkg.localeCompare(b.pkg))
}

/** Of several fixed versions (`1.2.6, 2.0.1`) the lowest above the installed one. */
function nearestFix(fixed: string, installed: string): string {
  const all = fixed
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .toSorted(compareVersions)
  return all.find((one) => compareVersions(one, installed) > 0) ?? all.at(-1) ?? fixed
}

/**
 * Order of versions of any ecosystem, which is not semver: numbers by value, words by letter; a pre-release (`1.0.0-rc1`, `1.0~rc1`) is
 * below its release. Below 0, 0 or above 0.
 */
export function compareVersions(a: string, b: string): number {
  const left = parts(a)
  const right = parts(b)
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = comparePart(left[index], right[index])
    if (order !== 0) return order
  }
  return 0
}

function parts(version: string): readonly string[] {
  return version.replace(/^v(?=\d)/, '').match(/\d+|[a-z]+|~/gi) ?? []
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -comparePart(b, a)
  if (b === undefined) return /^(?:~|alpha|beta|rc|pre|dev|a|b)$/i.test(a) ? -1 : 1
  if (a === '~' || b === '~') return a === '~' ? -1 : 1
  const numbers = [/^\d/.test(a), /^\d/.test(b)] as const
  if (numbers[0] && numbers[1]) return Number(a) - Number(b)
  if (numbers[0] !== numbers[1]) return numbers[0] ? 1 : -1
  return a < b ? -1 : 1
}

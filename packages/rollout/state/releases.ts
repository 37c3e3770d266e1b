import { Failure } from '@alt-las/failure'
import type { Plan } from '../model/plan.ts'
import type { Release, Releases, WholeRelease } from '../model/releases.ts'

const most = 10

/** After the plan was promoted; a rollback marks what it left behind as undone. */
export function remember(releases: Releases, plan: Plan, at: number): Releases {
  const { release, image, version, desired, configs } = plan
  const entry: Release = { release, image, version, at, desired, configs, undone: false }
  if (plan.kind === 'rollback') return returned(releases, entry)
  const others = releases.list.flatMap((one) => {
    if (one.release !== release) return [one]
    // A branch names many versions: the older ones stay under names of their own.
    return one.version === version ? [] : [{ ...one, release: `${release}~${one.version}` }]
  })
  return { current: release, list: [...others, entry].slice(-most) }
}

/** A rollback changes nothing in the order: what comes before the release that it returned to still does. */
function returned(releases: Releases, entry: Release): Releases {
  const known = releases.list.some((one) => one.release === entry.release)
  const list = releases.list.map((one) => {
    if (one.release === entry.release) return entry
    return one.release === releases.current ? { ...one, undone: true } : one
  })
  return { current: entry.release, list: (known ? list : [...list, entry]).slice(-most) }
}

/** Where a rollback goes: the release by name, or the last good one before the current. Throws Failure `no-release` (fault input). */
export function releaseToReturnTo(releases: Releases, wanted: string | null, target: string): WholeRelease {
  const index = releases.list.findIndex((one) => one.release === releases.current)
  const before = releases.list
    .slice(0, Math.max(index, 0))
    .filter((one) => !one.undone)
    .filter(isWhole)
  const named = releases.list.find((one) => one.release === wanted)
  const found = wanted === null ? before.at(-1) : named
  if (found !== undefined && isWhole(found)) return found
  const known = releases.list.map((one) => one.release).join(', ') || 'none'
  throw new Failure(
    'no-release',
    `${target} ${whatIsMissing(releases, wanted, named)}; recorded are: ${known}`,
    {
      fault: 'input',
      hint: 'name one of these in `to-release`, or deploy the wanted version again',
    },
  )
}

function whatIsMissing({ current }: Releases, wanted: string | null, named: Release | undefined): string {
  if (wanted === null) return `has no release before ${current ?? 'the first'}`
  return named === undefined
    ? `knows no release ${wanted}`
    : `knows only name and image of ${wanted}: its state had no room for more`
}

const isWhole = (release: Release): release is WholeRelease => release.desired !== null

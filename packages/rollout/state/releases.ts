import { Failure } from '@alt-las/failure'
import type { Plan } from '../model/plan.ts'
import type { Release, Releases, WholeRelease } from '../model/releases.ts'

const most = 10

/** The releases after a promotion; a rollback marks the release that it left as undone. */
export function remember(releases: Releases, plan: Plan, at: number): Releases {
  const { release, image, version, desired, configs } = plan
  const entry: Release = { release, image, version, at, desired, configs, undone: false }
  if (plan.kind === 'rollback') return returned(releases, entry)
  const others = releases.list.flatMap((one) => {
    if (one.release !== release) return [one]
    // A branch names many versions: the older ones get their own names.
    return one.version === version ? [] : [{ ...one, release: `${release}~${one.version}` }]
  })
  return { current: release, list: [...others, entry].slice(-most) }
}

/** A rollback does not change the order of the releases. */
function returned(releases: Releases, entry: Release): Releases {
  const known = releases.list.some((one) => one.release === entry.release)
  const list = releases.list.map((one) => {
    if (one.release === entry.release) return entry
    return one.release === releases.current ? { ...one, undone: true } : one
  })
  return { current: entry.release, list: (known ? list : [...list, entry]).slice(-most) }
}

/** The releases without one that was taken back whole: nothing runs any more. */
export const forget = ({ list }: Releases, release: string): Releases => ({
  current: null,
  list: list.filter((one) => one.release !== release),
})

/** The target of a rollback: the release by name, or the last good one before the current. Throws Failure `no-release` (fault input). */
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
    ? `has no recorded release ${wanted}`
    : `has only name and image of ${wanted}: the state had no room for its workload`
}

const isWhole = (release: Release): release is WholeRelease => release.desired !== null

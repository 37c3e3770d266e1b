import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import type { ConfigVersion, Plan } from '../plan/plan.ts'

/** What a target can return to: enough to run it again without the repository that it came from. */
export interface Release {
  readonly release: string
  readonly image: string
  readonly version: string
  /** When it was last promoted; ms since 1970. */
  readonly at: number
  /** null where the state had no more room for it: nobody can return to it. */
  readonly desired: Deployment | null
  /** Its ConfigMaps and Secrets, which `desired` refers to. Left out by older versions of this action. */
  readonly configs?: readonly ConfigVersion[]
  /** It was rolled back: nobody returns to it by default. */
  readonly undone: boolean
}

/** A release whose workload is still known. */
export interface WholeRelease extends Release {
  readonly desired: Deployment
}

export interface Releases {
  readonly current: string | null
  /** In the order in which they were deployed, at most ten; every name once. */
  readonly list: readonly Release[]
}

export const noReleases: Releases = { current: null, list: [] }

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
      hint: 'name one of these in `to-release`, or deploy the wanted version anew',
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

import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import type { Plan } from './plan.ts'

/** What a target can return to: enough to run it again without the repository that it came from. */
export interface Release {
  readonly release: string
  readonly image: string
  readonly version: string
  /** When it was last promoted; ms since 1970. */
  readonly at: number
  readonly desired: Deployment
  /** It was rolled back: nobody returns to it by default. */
  readonly undone: boolean
}

export interface Releases {
  readonly current: string | null
  /** In the order of their first promotion, at most ten. */
  readonly list: readonly Release[]
}

export const noReleases: Releases = { current: null, list: [] }

const most = 10

/** After the plan was promoted; a rollback marks what it left behind as undone. */
export function remember(releases: Releases, plan: Plan, at: number): Releases {
  const { release, image, version, desired } = plan
  const entry: Release = { release, image, version, at, desired, undone: false }
  const known = releases.list.some((one) => one.release === release)
  const list = known
    ? releases.list.map((one) => (one.release === release ? entry : one))
    : [...releases.list, entry]
  const undo = (one: Release) =>
    plan.kind === 'rollback' && one.release === releases.current && one.release !== release
      ? { ...one, undone: true }
      : one
  return { current: release, list: list.map(undo).slice(-most) }
}

/** Where a rollback goes: the release by name, or the last good one before the current. Throws Failure `no-release` (fault input). */
export function releaseToReturnTo(releases: Releases, wanted: string | null, target: string): Release {
  const index = releases.list.findIndex((one) => one.release === releases.current)
  const before = releases.list.slice(0, Math.max(index, 0)).filter((one) => !one.undone)
  const found = wanted === null ? before.at(-1) : releases.list.find((one) => one.release === wanted)
  if (found !== undefined) return found
  const known = releases.list.map((one) => one.release).join(', ') || 'none'
  const missing =
    wanted === null
      ? `has no release before ${releases.current ?? 'the first'}`
      : `knows no release ${wanted}`
  throw new Failure('no-release', `${target} ${missing}; recorded are: ${known}`, {
    fault: 'input',
    hint: 'name one of these in `to-release`, or deploy the wanted version anew',
  })
}

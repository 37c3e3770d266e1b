import { type Rollout, enter } from '../model/rollout.ts'
import { forget } from '../state/releases.ts'

/**
 * Pure: a first installation that has ended goes back with the rest of its release, from its end to `revert`; null where it is none, or another
 * release runs. Nothing served before it, so there is no release to return to. `at` in ms since 1970.
 */
export function takenBack(
  known: Rollout,
  { at, because }: { readonly at: number; readonly because: string },
): Rollout | null {
  const { phase, plan, baseline, releases } = known
  const isInstalled = phase.kind === 'done' && phase.verdict === 'promoted' && baseline.hash === null
  if (!isInstalled || plan.kind !== 'deploy' || releases.current !== plan.release) return null
  const open: Rollout = { ...known, takenBack: true, served: null, releases: forget(releases, plan.release) }
  return enter(open, { kind: 'revert' }, { at, weight: 0, because })
}

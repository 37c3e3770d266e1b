import { lateSuspicion } from '../../judging/late.ts'
import type { Decision } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { isBeingJudged } from '../../strategies/judged.ts'
import { factsOf } from '../../strategies/phases.ts'
import { revert, wait } from './decision.ts'

/**
 * Several targets are one release: none gives up its old version before all have passed, and if one is refused, all go back. An interruption comes
 * first: each takes its own traffic back at once.
 */
export function asOneRelease(rollout: Rollout, seen: Observation, decision: Decision): Decision {
  const { release } = seen
  if (release === undefined || release.kind === 'clear' || seen.interrupted !== null) return decision
  if (release.kind === 'refused')
    return canGoBack(rollout) && !isEnd(decision) ? revert(release.because) : decision
  if (!leavesWarm(rollout, decision)) return decision
  // The version is watched as long as it waits.
  return isBeingJudged(rollout) || lateSuspicion(rollout.judgement) !== null
    ? { kind: 'measure', because: release.because }
    : wait(release.because)
}

/** Whether it is done with everything for itself, and only the other targets are missing. */
export const leavesWarm = ({ phase }: Rollout, decision: Decision): boolean =>
  phase.kind === 'warm' && decision.kind === 'enter' && decision.phase.kind === 'promote-stable'

/** A migration is not interrupted half-way: the phase after it goes back. */
function canGoBack({ phase }: Rollout): boolean {
  const { wayBack } = factsOf(phase)
  if (phase.kind === 'revert' || phase.kind === 'pre-deploy') return false
  return wayBack === 'revert' || wayBack === 'none'
}

/** Its own reason to go back says more than that of another target. */
const isEnd = (decision: Decision): boolean =>
  decision.kind === 'stop' ||
  (decision.kind === 'enter' &&
    (decision.phase.kind === 'revert' ||
      (decision.phase.kind === 'done' && decision.phase.verdict === 'unchanged')))

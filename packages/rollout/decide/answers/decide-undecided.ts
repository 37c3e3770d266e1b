import { isSuspected } from '../../judging/judging.ts'
import type { Decision, Enter } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { PausedAt } from '../../model/phase.ts'
import type { Rollout } from '../../model/rollout.ts'
import { disarmed } from './decide-watchdog.ts'
import { enterPhase, revert } from './decision.ts'

interface Undecided {
  readonly at: PausedAt
  readonly because: string
  /** The phase of a promotion. */
  readonly next: Enter
}

/** The time is over without a decision: `on-undecided` decides. It never promotes a version under suspicion. */
export function undecided(
  { plan, judgement }: Rollout,
  seen: Observation,
  { at, because, next }: Undecided,
): Decision {
  switch (plan.judging.onUndecided) {
    case 'abort':
      return revert(because)
    case 'pause':
      return (
        disarmed(seen) ??
        enterPhase({ kind: 'paused', at }, `${because}; paused by on-undecided, promote or abort it`)
      )
    case 'promote':
      return !isSuspected(judgement, plan.judging)
        ? { ...next, because: `${because}; promoted by on-undecided` }
        : revert(because)
  }
}

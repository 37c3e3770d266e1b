import type { Decision } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { act, revert, wait } from './decision.ts'

/** The dead-man's switch is armed before a weight moves; null when it is, or if the plan has none. */
export function armedFirst({ plan }: Rollout, { watchdog: guard, inPhaseMs }: Observation): Decision | null {
  switch (guard.kind) {
    case 'none':
    case 'armed':
      return null
    case 'absent':
    case 'fired':
      return act({ kind: 'arm-watchdog' }, "the dead-man's switch must be ready before the first weight")
    case 'failed':
      return revert(`the dead-man's switch cannot run: ${guard.because}`)
    case 'starting':
      return inPhaseMs >= plan.readyTimeoutMs
        ? revert(`the dead-man's switch is not ready: ${guard.because}`)
        : wait(guard.because)
  }
}

/** A paused or ended rollout renews no lease, so the switch is removed first. null when it is gone. */
export function disarmed({ watchdog: guard }: Observation): Decision | null {
  return guard.kind === 'none' || guard.kind === 'absent'
    ? null
    : act({ kind: 'disarm-watchdog' }, "the dead-man's switch is not needed any more")
}

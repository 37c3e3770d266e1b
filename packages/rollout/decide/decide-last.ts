import type { Decision, Enter } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Autoscaler, Rollout } from '../model/rollout.ts'
import { disarmed } from './answers/decide-watchdog.ts'
import { act } from './answers/decision.ts'
import { leftBehind } from './left-behind.ts'

/** A rollout ends when the user's objects are restored or promoted, and none of our objects is left. */
export function decideLast(rollout: Rollout, seen: Observation, over: Enter): Decision {
  const { baseline } = rollout
  const promoted = over.phase.kind === 'done' && over.phase.verdict !== 'rolled-back'
  const bounds = boundsNow(baseline, seen)
  if (bounds === 'held') return act({ kind: 'restore-autoscaler' }, 'the autoscaler may work again')
  if (promoted && seen.configs === 'pending')
    return act({ kind: 'release-configs' }, 'its configuration gets the plain names')
  if (seen.staleConfigs) return act({ kind: 'remove-configs' }, 'no recorded release needs these versions')
  const left = leftJob(seen)
  if (left !== null) return left
  return (
    disarmed(seen) ?? withLeft(rollout, bounds === 'foreign' ? { ...over, because: said(over, seen) } : over)
  )
}

/** A rollback removes the rollout's own objects, not the other objects of the manifests. */
function withLeft(rollout: Rollout, over: Enter): Enter {
  const left = over.phase.kind === 'done' && over.phase.verdict === 'rolled-back' ? leftBehind(rollout) : null
  return left === null || over.because.endsWith(left)
    ? over
    : { ...over, because: `${over.because}; ${left}` }
}

/** Whether this rollout still holds the autoscaler; `foreign`: others have set new bounds meanwhile, which stay. */
export function boundsNow(
  { autoscaler: was, replicas }: { readonly autoscaler: Autoscaler | null; readonly replicas: number },
  { autoscaler }: Pick<Observation, 'autoscaler'>,
): 'as-before' | 'held' | 'foreign' {
  if (was === null || autoscaler?.name !== was.name) return 'as-before'
  if (autoscaler.min === was.min && autoscaler.max === was.max) return 'as-before'
  return autoscaler.min === replicas && autoscaler.max === replicas ? 'held' : 'foreign'
}

/** A failed Job stays for inspection until the next rollout. */
function leftJob({ job }: Observation): Decision | null {
  const { kind, uid } = job
  return uid !== undefined && (kind === 'running' || kind === 'stuck' || kind === 'succeeded')
    ? act(
        { kind: 'remove-job', uid },
        kind === 'succeeded' ? 'it has done its work' : 'it must not go on alone',
      )
    : null
}

function said({ because }: Enter, { autoscaler }: Observation): string {
  const bounds = autoscaler === null ? '' : `${autoscaler.min} to ${autoscaler.max}`
  return `${because}; the autoscaler keeps the bounds that were set by others meanwhile: ${bounds}`
}

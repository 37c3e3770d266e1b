import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'

/** The workload's own strategy replaces the pods; a version that cannot start is rolled back. */
export function decideRoll(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable } = seen
  if (seen.interrupted !== null) return revert(seen.interrupted)
  if (stable === null) return revert(`the ${plan.workload} was removed from outside`)
  if (stable.version !== plan.version) return act({ kind: 'stable-deployment' }, 'by its own update strategy')
  if (stable.settled && stable.readiness.kind === 'ready')
    return enterPhase({ kind: 'done', verdict: 'promoted' }, sentence(rollout))
  if (stable.readiness.kind === 'failed')
    return revert(`the new version cannot run: ${stable.readiness.because}`, stable.readiness.cause)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(`not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lackOf(seen)}`)
  return unstick(seen, patienceMs) ?? wait(lackOf(seen))
}

/** Back to the old version, by the workload's own strategy. */
export function decideRevertRoll(rollout: Rollout, seen: Observation): Decision {
  const { plan, baseline } = rollout
  const { stable } = seen
  const done = (because: string) => enterPhase({ kind: 'done', verdict: 'rolled-back' }, because)
  // Nothing was written yet, or there is nothing to return to.
  if (baseline.workload === null || stable === null) return done(rollout.because)
  if (stable.version === plan.version) return act({ kind: 'restore-workload' }, rollout.because)
  if (stable.settled) return done(rollout.because)
  const stuck = unstick(seen, 0)
  if (stuck !== null) return stuck
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: the ${plan.workload} has its old version again, its pods are still starting`,
    }
  // The old version is restored, whether or not it can run: the next release must not wait for it.
  return stable.readiness.kind === 'failed' || seen.inPhaseMs >= plan.readyTimeoutMs
    ? done(`${rollout.because}; the old version is restored, but not ready: ${lackOf(seen)}`)
    : wait(lackOf(seen))
}

/** Removes a pod of an older template that blocks a StatefulSet, once it has been unready for this long; else null. */
export function unstick({ stuck }: Observation, patience: number): Decision | null {
  if (stuck === null || stuck.unreadyMs < patience) return null
  const { name, uid } = stuck
  return act({ kind: 'remove-pod', name, uid }, 'its StatefulSet would wait for it for ever')
}

/** How long a pod of the outgoing version may be unready until it counts as lost, in ms. */
export const patienceMs = 60_000

function lackOf({ stable }: Observation): string {
  return stable === null || stable.readiness.kind === 'ready'
    ? 'the pods are being replaced'
    : stable.readiness.because
}

const sentence = ({ plan }: Rollout) => `${plan.deployment} ${plan.release} runs in every pod`

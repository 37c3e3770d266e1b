import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'

/** The workload's own strategy replaces the pods; what cannot come up goes back to what was there. */
export function decideRoll(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable } = seen
  if (seen.interrupted !== null) return revert(seen.interrupted)
  if (stable === null) return revert(`the ${plan.workload} was removed by somebody else`)
  if (stable.version !== plan.version) return act({ kind: 'stable-deployment' }, 'by its own update strategy')
  if (stable.settled && stable.readiness.kind === 'ready')
    return enterPhase({ kind: 'done', verdict: 'promoted' }, sentence(rollout))
  if (stable.readiness.kind === 'failed')
    return revert(`the new version cannot run: ${stable.readiness.because}`, stable.readiness.cause)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(`not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lackOf(seen)}`)
  return unstick(seen, patienceMs) ?? wait(lackOf(seen))
}

/** Back to what was there, by the workload's own strategy. */
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
      because: `${seen.interrupted}: the ${plan.workload} is as it was before, its pods are coming back`,
    }
  // What was there is there again, whether or not it can run: the next release must not have to wait for it.
  return stable.readiness.kind === 'failed' || seen.inPhaseMs >= plan.readyTimeoutMs
    ? done(`${rollout.because}; the old version is back, but not ready: ${lackOf(seen)}`)
    : wait(lackOf(seen))
}

/** A pod of an older template that keeps a StatefulSet from going on is removed once it has been unready for so long; else null. */
export function unstick({ stuck }: Observation, patience: number): Decision | null {
  if (stuck === null || stuck.unreadyMs < patience) return null
  const { name, uid } = stuck
  return act({ kind: 'remove-pod', name, uid }, 'its StatefulSet would wait for it for ever')
}

/** How long a pod of the version that shall go anyway may be unready before it is taken for lost, in ms. */
export const patienceMs = 60_000

function lackOf({ stable }: Observation): string {
  return stable === null || stable.readiness.kind === 'ready'
    ? 'the pods are being replaced'
    : stable.readiness.because
}

const sentence = ({ plan }: Rollout) => `${plan.deployment} ${plan.release} runs in every pod`

import { formatDuration } from '@alt-las/time'
import { act, enterPhase, halt, revert, wait, type Decision } from './decision.ts'
import type { Rollout } from './rollout.ts'
import type { Sight } from './sight.ts'

/** The workload's own strategy replaces the pods; what cannot come up goes back to what was there. */
export function decideRoll(rollout: Rollout, seen: Sight): Decision {
  const { plan } = rollout
  const { stable } = seen
  if (seen.interrupted !== null) return revert(seen.interrupted)
  if (stable === null) return halt(`the ${plan.workload} was removed by somebody else`)
  if (stable.version !== plan.version) return act({ kind: 'stable-deployment' }, 'by its own update strategy')
  if (stable.settled)
    return finishing(seen) ?? enterPhase({ kind: 'done', verdict: 'promoted' }, sentence(rollout))
  if (stable.standing.kind === 'failed')
    return revert(`the new version cannot run: ${stable.standing.because}`)
  const lack = stable.standing.kind === 'ready' ? 'the pods are being replaced' : stable.standing.because
  return seen.inPhaseMs >= plan.readyTimeoutMs
    ? revert(`not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}`)
    : wait(lack)
}

/** Back to what was there, by the workload's own strategy. */
export function decideRevertRoll(rollout: Rollout, seen: Sight): Decision {
  const { plan, before } = rollout
  const { stable } = seen
  const done = enterPhase({ kind: 'done', verdict: 'rolled-back' }, rollout.because)
  // Nothing was written yet, or there is nothing to return to.
  if (before.workload === null || stable === null) return done
  if (stable.version === plan.version) return act({ kind: 'restore-workload' }, rollout.because)
  if (stable.settled) return done
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: the old version is coming back`,
    }
  const lack = stable.standing.kind === 'ready' ? 'the pods are being replaced' : stable.standing.because
  return stable.standing.kind === 'failed' || seen.inPhaseMs >= plan.readyTimeoutMs
    ? halt(`the old version does not come back: ${lack}`)
    : wait(lack)
}

function finishing(seen: Sight): Decision | null {
  return seen.configs === 'pending'
    ? act({ kind: 'release-configs' }, 'its configuration under the plain names')
    : null
}

const sentence = ({ plan }: Rollout) => `${plan.deployment} ${plan.release} runs in every pod`

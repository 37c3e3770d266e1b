import { formatDuration } from '@alt-las/time'
import { decideInstall } from './decide-install.ts'
import {
  decideClean,
  decidePromoteReturn,
  decidePromoteStable,
  decidePromoteTraffic,
} from './decide-promote.ts'
import { decidePrepare } from './decide-prepare.ts'
import { decideStep } from './decide-step.ts'
import { act, enterPhase, halt, revert, wait, type Decision } from './decision.ts'
import type { Before, Rollout } from './rollout.ts'
import { settleMs } from './settle.ts'
import { isServing } from './serving.ts'
import type { Sight } from './sight.ts'

/**
 * The law of the rollout. Pure: where we stand and what is seen in, one decision out.
 * Capacity comes before traffic; traffic leaves a version before its pods do; no weight beyond what the last saved phase allows.
 */
export function decide(rollout: Rollout, seen: Sight): Decision {
  const { phase } = rollout
  switch (phase.kind) {
    case 'apply':
      return decideApply(rollout, seen)
    case 'install':
      return decideInstall(rollout, seen)
    case 'prepare':
      return decidePrepare(rollout, seen)
    case 'step':
      return decideStep(rollout, phase.index, seen)
    case 'promote-traffic':
      return decidePromoteTraffic(rollout, seen)
    case 'promote-stable':
      return decidePromoteStable(rollout, seen)
    case 'promote-return':
      return decidePromoteReturn(rollout, seen)
    case 'promote-clean':
      return decideClean(rollout, seen, 'promoted')
    case 'revert':
      return decideRevert(rollout, seen)
    case 'done':
      return { kind: 'finish', because: rollout.because }
  }
}

function decideApply(rollout: Rollout, seen: Sight): Decision {
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  const { objects, stable } = seen
  if (objects.kind === 'unapplied')
    return act({ kind: 'apply-objects' }, 'the objects beside the Deployment come first')
  if (objects.kind === 'failed') return revert(objects.because)
  if (objects.kind === 'waiting') {
    return late(rollout, seen)
      ? revert(`${objects.because}, after ${formatDuration(rollout.plan.readyTimeoutMs)}`)
      : wait(objects.because)
  }
  if (seen.service === null) return revert(`the Service ${rollout.plan.service} does not exist`)
  if (stable === null || stable.ready === 0 || stable.hash === null) {
    const because =
      stable === null ? 'nothing runs yet' : 'no pod of the Deployment is ready, so nobody is served by it'
    return enterPhase({ kind: 'install' }, because, { ...rollout.before, existed: stable !== null })
  }
  if (isServing(rollout, seen)) {
    const because = `${rollout.plan.deployment} already runs ${rollout.plan.image}`
    return enterPhase({ kind: 'done', verdict: 'unchanged' }, because, beforeOf(rollout, seen))
  }
  // A rollout that somebody else began is let finish, for a while: pinning it half-way would freeze it.
  const moving = !stable.settled && stable.standing.kind === 'waiting'
  if (moving && rollout.plan.kind === 'deploy' && !late(rollout, seen))
    return wait('the Deployment is still rolling out an earlier change')
  return enterPhase({ kind: 'prepare' }, `${rollout.plan.image} becomes the canary`, beforeOf(rollout, seen))
}

function beforeOf(rollout: Rollout, { stable, router }: Sight): Before {
  return {
    ...rollout.before,
    existed: true,
    image: stable?.image ?? null,
    replicas: stable?.replicas ?? 0,
    hash: stable?.hash ?? null,
    routes: router.rules,
  }
}

function decideRevert(rollout: Rollout, seen: Sight): Decision {
  if (rollout.before.hash === null) return decideRevertInstall(rollout, seen)
  const { stable, canary, router } = seen
  if (router.weight !== 0) {
    const stableServes = (seen.service?.endpoints ?? 0) > 0
    if (!stableServes && (seen.canaryService?.endpoints ?? 0) > 0 && seen.interrupted === null)
      return halt('stable has no ready pod, so the traffic stays with the canary, the only copy that answers')
    return act({ kind: 'weight', percent: 0 }, rollout.because)
  }
  if (seen.interrupted !== null)
    return { kind: 'stop', why: 'interrupted', because: `${seen.interrupted}: all traffic is on stable` }
  if (stable === null && canary !== null)
    return halt('the stable Deployment is gone; the canary is left as it is')
  if (router.hasCanary && router.settledMs < settleMs)
    return wait('the gateway takes the traffic off the canary')
  return decideClean(rollout, seen, 'rolled-back')
}

/** A first installation that failed: what was not there before goes; what was there and did not serve stays for a look. */
function decideRevertInstall(rollout: Rollout, { stable }: Sight): Decision {
  if (stable !== null && !rollout.before.existed && stable.version === rollout.plan.version)
    return act(
      { kind: 'remove-stable-deployment', uid: stable.uid },
      'it was not there before, and did not come up',
    )
  return enterPhase({ kind: 'done', verdict: 'rolled-back' }, rollout.because)
}

const late = (rollout: Rollout, seen: Sight) => seen.inPhaseMs >= rollout.plan.readyTimeoutMs

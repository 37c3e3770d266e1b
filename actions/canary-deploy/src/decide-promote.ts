import { formatDuration } from '@alt-las/time'
import { replicasFor, whatCanaryLacks } from './capacity.ts'
import { act, enterPhase, halt, revert, wait, type Decision } from './decision.ts'
import type { Rollout, Verdict } from './rollout.ts'
import { acceptTimeoutMs, settleMs } from './settle.ts'
import type { Sight } from './sight.ts'

/** All traffic to the canary at full capacity. Stable is untouched: until here there is a way back in one patch. */
export function decidePromoteTraffic(rollout: Rollout, seen: Sight): Decision {
  const { plan, before } = rollout
  const { canary, router } = seen
  const replicas = Math.max(replicasFor(100, before.replicas), plan.desired.spec.replicas ?? 1)
  if (seen.interrupted !== null)
    return router.weight === 0
      ? revert(seen.interrupted)
      : act({ kind: 'weight', percent: 0 }, seen.interrupted)
  if (canary === null) return revert('the canary was removed by somebody else')
  if (canary.standing.kind === 'failed') return revert(`the canary fell over: ${canary.standing.because}`)
  if (canary.replicas < replicas)
    return act({ kind: 'canary-deployment', replicas }, `capacity first: ${String(replicas)} for all traffic`)
  const lack = whatCanaryLacks(seen, replicas)
  if (router.weight !== 100) {
    if (lack === null) return act({ kind: 'weight', percent: 100 }, 'all traffic to the new version')
    return seen.inPhaseMs >= plan.readyTimeoutMs ? revert(`no capacity for all traffic: ${lack}`) : wait(lack)
  }
  if (!router.accepted)
    return seen.inPhaseMs >= plan.readyTimeoutMs + acceptTimeoutMs
      ? revert(`the gateway does not take 100%: ${router.because}`)
      : wait(router.because)
  if (router.settledMs < settleMs) return wait('the gateway moves all traffic to the new version')
  if (lack !== null) return seen.inPhaseMs >= plan.readyTimeoutMs ? revert(lack) : wait(lack)
  return enterPhase({ kind: 'promote-stable' }, `${plan.deployment} itself gets ${plan.release}`)
}

/** The Deployment is updated without traffic. Its Service loses the pin first: under it a rolling update would empty the Service. */
export function decidePromoteStable(rollout: Rollout, seen: Sight): Decision {
  const { plan } = rollout
  const { stable, service } = seen
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: all traffic is on the new version's canary`,
    }
  if (stable === null || stable.version !== plan.version) {
    if (service?.pin !== null)
      return act({ kind: 'pin', hash: null }, 'a rolling update under a pin would empty the Service')
    return act({ kind: 'stable-deployment' }, 'the new version under its own name')
  }
  if (stable.settled && stable.hash !== null && (service?.endpoints ?? 0) >= stable.replicas)
    return enterPhase(
      { kind: 'promote-return' },
      `all ${String(stable.replicas)} pods of ${plan.deployment} are ready`,
    )
  const lack = stable.standing.kind === 'ready' ? 'the Deployment is being updated' : stable.standing.because
  const stays = 'the traffic stays on the canary, which is healthy; run this again when the cause is gone'
  if (stable.standing.kind === 'failed') return halt(`${lack}; ${stays}`)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return halt(
      `${plan.deployment} is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}; ${stays}`,
    )
  return wait(lack)
}

/** Traffic from the canary to the Deployment, which runs the same version; the canary's pods are kept out of its Service. */
export function decidePromoteReturn(rollout: Rollout, seen: Sight): Decision {
  const { stable, service, router } = seen
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: the new version serves, its canary is not cleared away yet`,
    }
  if (stable === null || stable.hash === null || stable.ready === 0) {
    return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
      ? halt('the Deployment has no ready pod; the traffic stays on the canary')
      : wait('the Deployment has no ready pod')
  }
  if (service?.pin !== stable.hash)
    return act({ kind: 'pin', hash: stable.hash }, "the canary's pods leave stable's Service")
  if (service.endpoints < stable.replicas) {
    return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
      ? halt("the Deployment's Service does not have all endpoints; the traffic stays on the canary")
      : wait('the Service finds the new pods')
  }
  if (router.weight !== 0)
    return act({ kind: 'weight', percent: 0 }, 'all traffic to the Deployment, now of the new version')
  if (!router.accepted || router.settledMs < settleMs)
    return wait('the gateway takes the traffic off the canary')
  return enterPhase({ kind: 'promote-clean' }, 'no traffic is left on the canary')
}

/** The canary's objects go, in the order in which nobody can miss them: route, pods, pin, Service. */
export function decideClean(rollout: Rollout, seen: Sight, verdict: Verdict): Decision {
  const { canary, service, router } = seen
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: stable has all traffic, the canary is not cleared away yet`,
    }
  if (router.hasCanary) return act({ kind: 'restore-routes' }, 'the routes become what they were')
  // An unaccepted route without the canary is the user's own: it was so before, or became so by other hands.
  if (canary !== null && router.accepted && router.settledMs < settleMs)
    return wait('the gateway forgets the canary')
  if (canary !== null)
    return act({ kind: 'remove-canary-deployment', uid: canary.uid }, 'the canary has no traffic any more')
  if (seen.canaryPods > 0) return wait(`${String(seen.canaryPods)} canary pods are still ending`)
  if (service !== null && service.pin !== null)
    return act({ kind: 'pin', hash: null }, 'no canary pod is left to keep out')
  if (seen.canaryService !== null) return act({ kind: 'remove-canary-service' }, 'nothing names it any more')
  return enterPhase({ kind: 'done', verdict }, verdict === 'promoted' ? promoted(rollout) : rollout.because)
}

function promoted({ plan, judgement }: Rollout): string {
  return (
    `${plan.deployment} ${plan.release} has all traffic` +
    (plan.kind === 'rollback' ? ' again' : `: ${judgement.because}`)
  )
}

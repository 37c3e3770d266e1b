import { hasTraffic, splitsBySelector } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import { type Observation, findsAll } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, settleMs } from '../model/timing.ts'
import { windowMsOf } from '../strategies/ramp.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { fullReplicas, whatCanaryLacks } from './answers/capacity.ts'
import { awaitQuiet, quietBecause } from './answers/decide-drain.ts'
import { disarmed, armedFirst } from './answers/decide-watchdog.ts'
import { act, enterPhase, halt, revert, wait, withdraw } from './answers/decision.ts'
import { judgedWords } from './answers/soaked.ts'
import { endComparison, isReplaced } from './answers/foreign-change.ts'

/** All traffic to the canary at full capacity. Stable is unchanged: until here one patch is the way back. */
export function decidePromoteTraffic(rollout: Rollout, seen: Observation): Decision {
  const { plan, baseline } = rollout
  const { canary, router } = seen
  const replicas = fullReplicas(rollout)
  if (seen.interrupted !== null)
    return !hasTraffic(router) ? revert(seen.interrupted) : withdraw(baseline.hash, seen.interrupted)
  if (canary === null) return revert(`${versionNames(plan).fresh} was removed from outside`)
  if (canary.readiness.kind === 'failed')
    return revert(`${versionNames(plan).fresh} failed: ${canary.readiness.because}`, canary.readiness.cause)
  if (canary.replicas < replicas)
    return act({ kind: 'canary-deployment', replicas }, `capacity first: ${replicas} for all traffic`)
  const lack = whatCanaryLacks(plan, seen, replicas)
  // At 100% nothing is compared any more, and the promotion writes the Deployment anyway.
  const foreign = router.weight === 100 ? null : endComparison(rollout, seen)
  if (foreign !== null) return foreign
  if (router.weight !== 100) {
    if (lack === null)
      return (
        armedFirst(rollout, seen) ??
        act({ kind: 'weight', percent: 100, stable: baseline.hash }, 'all traffic to the new version')
      )
    return seen.inPhaseMs >= plan.readyTimeoutMs ? revert(`no capacity for all traffic: ${lack}`) : wait(lack)
  }
  if (!router.accepted)
    return seen.inPhaseMs >= plan.readyTimeoutMs + acceptTimeoutMs
      ? revert(`the gateway does not take 100%: ${router.because}`)
      : wait(router.because)
  if (router.settledMs < settleMs) return wait('the gateway moves all traffic to the new version')
  if (lack !== null) return seen.inPhaseMs >= plan.readyTimeoutMs ? revert(lack) : wait(lack)
  // One of several targets waits for the others while its old version is still there.
  const isAtOnce = windowMsOf(rollout) === 0 && plan.targets === undefined
  return plan.kind === 'rollback' || (isAtOnce && strategyOf(plan).traffic === 'in-steps')
    ? enterPhase({ kind: 'promote-stable' }, `${plan.deployment} itself gets ${plan.release}`)
    : enterPhase({ kind: 'warm' }, `${plan.release} has all traffic, the old version stays warm`)
}

/** The Deployment is updated without traffic. Its Service loses the pin first: under it a rolling update would empty the Service. */
export function decidePromoteStable(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable, service } = seen
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: all traffic is on ${versionNames(plan).fresh}`,
    }
  if (stable === null || stable.version !== plan.version) {
    // The watchdog would send traffic to pods that end now.
    const guard = disarmed(seen)
    if (guard !== null) return guard
    if (service?.pin !== null && !splitsBySelector(plan))
      return act({ kind: 'pin', hash: null }, 'a rolling update under a pin would empty the Service')
    return act({ kind: 'stable-deployment' }, 'the new version under its own name')
  }
  const found = splitsBySelector(plan) || findsAll(service, stable.replicas)
  if (stable.settled && stable.readiness.kind === 'ready' && stable.hash !== null && found)
    return enterPhase(
      { kind: 'promote-return' },
      `all ${stable.replicas} pods of ${plan.deployment} are ready`,
    )
  const lack =
    stable.readiness.kind === 'ready' ? 'the Deployment is being updated' : stable.readiness.because
  const stays = `the traffic stays on ${versionNames(plan).fresh}, which is healthy; run this again when the cause is gone`
  if (stable.readiness.kind === 'failed') return halt(`${lack}; ${stays}`)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return halt(
      `${plan.deployment} is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}; ${stays}`,
    )
  return wait(lack)
}

/** Traffic from the canary to the Deployment, which runs the same version; the canary's pods are kept out of its Service. */
export function decidePromoteReturn(rollout: Rollout, seen: Observation): Decision {
  const { stable, service, router } = seen
  const { fresh, old } = versionNames(rollout.plan)
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: the new version serves, ${fresh} is not removed yet`,
    }
  if (stable === null || stable.hash === null || stable.ready === 0) {
    return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
      ? halt(`the Deployment has no ready pod; the traffic stays on ${fresh}`)
      : wait('the Deployment has no ready pod')
  }
  if (isReplaced(stable))
    return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
      ? halt(
          `the Deployment's pods are being changed from outside; the traffic stays on ${fresh}; run this again`,
        )
      : wait("the Deployment's pods are being changed from outside")
  // If the selector splits the traffic, this pin is the switch: one write.
  if (splitsBySelector(rollout.plan) && router.weight !== 0)
    return withdraw(stable.hash, 'all traffic to the Deployment, now of the new version')
  if (service?.pin !== stable.hash)
    return act({ kind: 'pin', hash: stable.hash }, `${fresh}'s pods leave ${old}'s Service`)
  if (!findsAll(service, stable.replicas)) {
    return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
      ? halt(`the Deployment's Service does not have all endpoints; the traffic stays on ${fresh}`)
      : wait('the Service does not have the new pods yet')
  }
  if (hasTraffic(router))
    return withdraw(stable.hash, 'all traffic to the Deployment, now of the new version')
  if (!router.accepted || router.settledMs < settleMs)
    return wait(`the gateway moves the traffic away from ${fresh}`)
  return (
    awaitQuiet(rollout, seen) ??
    enterPhase({ kind: 'promote-clean' }, `no traffic is left on ${fresh}: ${quietBecause(rollout)}`)
  )
}

/** The canary's objects are removed in a safe order: route, pods, pin, Service. */
export function decideClean(
  rollout: Rollout,
  seen: Observation,
  verdict: 'promoted' | 'rolled-back',
): Decision {
  const { canary, service, router } = seen
  const { fresh, name, old } = versionNames(rollout.plan)
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: ${old} has all traffic, ${fresh} is not removed yet`,
    }
  if (router.hasCanary)
    return act({ kind: 'restore-routes' }, `the routes are restored; ${quietBecause(rollout)}`)
  // An unaccepted route without the canary is the user's own affair: it was so before, or others made it so.
  if (canary !== null && router.accepted && router.settledMs < settleMs)
    return wait(`the gateway removes ${fresh} from its configuration`)
  if (canary !== null)
    return act({ kind: 'remove-canary-deployment', uid: canary.uid }, `${fresh} has no traffic left`)
  if (seen.canaryPods > 0) return wait(`${seen.canaryPods} ${name} pods are still ending`)
  if (service !== null && service.pin !== null)
    return act({ kind: 'pin', hash: null }, `no ${name} pod is left`)
  if (seen.canaryService !== null) return act({ kind: 'remove-canary-service' }, 'nothing names it any more')
  return enterPhase({ kind: 'done', verdict }, verdict === 'promoted' ? promoted(rollout) : rollout.because)
}

function promoted(rollout: Rollout): string {
  const { plan } = rollout
  return (
    `${plan.deployment} ${plan.release} has all traffic` +
    (plan.kind === 'rollback' ? ' again' : `: ${judgedWords(rollout)}`)
  )
}

// The decision: pure, from the saved rollout and one observation to one answer, phase by phase.
import { hasTraffic, splitsBySelector } from '@alt-las/routers'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, settleMs } from '../model/timing.ts'
import { factsOf } from '../strategies/phases.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { decideApply, decideBefore } from './decide-apply.ts'
import { awaitQuiet } from './answers/decide-drain.ts'
import { decideAudience } from './decide-audience.ts'
import { decideInstall } from './decide-install.ts'
import { decideLast } from './decide-last.ts'
import { decidePrepare } from './decide-prepare.ts'
import {
  decideClean,
  decidePromoteReturn,
  decidePromoteStable,
  decidePromoteTraffic,
} from './decide-promote.ts'
import { decideRevertRoll, decideRoll } from './decide-rolling.ts'
import { decideSmoke } from './decide-smoke.ts'
import { decideSmokePod, removeSmokePod } from './decide-smoke-pod.ts'
import { decideStep } from './decide-step.ts'
import { decideCompare } from './decide-compare.ts'
import { decideWarm } from './decide-warm.ts'
import { asOneRelease } from './answers/as-one-release.ts'
import { act, enterPhase, halt, wait, withdraw } from './answers/decision.ts'
import { endOfWaiting } from './answers/end-of-waiting.ts'
import { isReplaced, keepServed } from './answers/foreign-change.ts'

/**
 * The invariants of the rollout. Pure: from state and observation to one decision.
 * Capacity comes before traffic; traffic leaves a version before its pods do; no weight beyond what the last saved phase allows.
 */
export function decide(rollout: Rollout, seen: Observation): Decision {
  const decision = endOfWaiting(rollout, seen, asOneRelease(rollout, seen, decidePhase(rollout, seen)))
  return decision.kind === 'enter' && decision.phase.kind === 'done'
    ? decideLast(rollout, seen, decision)
    : decision
}

function decidePhase(rollout: Rollout, seen: Observation): Decision {
  const { phase } = rollout
  // Interrupted, the one write that takes the traffic off the new version comes first.
  const kept = seen.interrupted === null || !hasTraffic(seen.router) ? keepServed(rollout, seen) : null
  if (kept !== null && factsOf(phase).wayBack !== 'over' && phase.kind !== 'paused') return kept
  switch (phase.kind) {
    case 'apply':
      return decideApply(rollout, seen)
    case 'pre-deploy':
      return decideBefore(rollout, seen)
    case 'install':
      return decideInstall(rollout, seen)
    case 'prepare':
      return decidePrepare(rollout, seen)
    case 'smoke':
      return strategyOf(rollout.plan).hasSecondVersion
        ? decideSmoke(rollout, seen)
        : decideSmokePod(rollout, seen)
    case 'audience':
      return decideAudience(rollout, seen)
    case 'step':
      return decideStep(rollout, phase, seen)
    case 'paused':
      return { kind: 'finish', because: rollout.because }
    case 'promote-traffic':
      return decidePromoteTraffic(rollout, seen)
    case 'warm':
      return decideWarm(rollout, seen)
    case 'compare':
      return decideCompare(rollout, phase, seen)
    case 'promote-stable':
      return decidePromoteStable(rollout, seen)
    case 'promote-return':
      return decidePromoteReturn(rollout, seen)
    case 'promote-clean':
      return decideClean(rollout, seen, 'promoted')
    case 'roll':
      return decideRoll(rollout, seen)
    case 'revert':
      return !strategyOf(rollout.plan).hasSecondVersion && rollout.baseline.hash !== null
        ? (removeSmokePod(seen) ?? decideRevertRoll(rollout, seen))
        : decideRevert(rollout, seen)
    case 'done':
      return { kind: 'finish', because: rollout.because }
  }
}

function decideRevert(rollout: Rollout, seen: Observation): Decision {
  if (rollout.baseline.hash === null) return decideRevertInstall(rollout, seen)
  const { stable, canary, router } = seen
  const { fresh, old } = versionNames(rollout.plan)
  if (hasTraffic(router)) {
    const ready = stable?.ready ?? 0
    // If the selector splits the traffic, the Service's endpoints belong to the version that has the traffic.
    const bySelector = splitsBySelector(rollout.plan)
    const stableServes = bySelector ? ready > 0 : (seen.service?.endpoints ?? 0) > 0
    if (!stableServes && (seen.canaryService?.endpoints ?? 0) > 0 && seen.interrupted === null) {
      const stays = `so the traffic stays with ${fresh}, the only copy that answers`
      if (ready === 0) return halt(`${old} has no ready pod, ${stays}`)
      return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
        ? halt(`the Service ${rollout.plan.service} selects none of ${old}'s ${ready} ready pods, ${stays}`)
        : wait(`the Service ${rollout.plan.service} finds ${old}'s ${ready} ready pods`)
    }
    if (bySelector && stable !== null && isReplaced(stable) && seen.interrupted === null)
      return seen.inPhaseMs >= rollout.plan.readyTimeoutMs
        ? halt(`${old}'s pods are still being replaced from outside; the traffic stays where it is`)
        : wait(`${old}'s pods are being replaced from outside: the Service is switched to them afterwards`)
    // Stable's pods may have been changed from outside since the rollout began.
    return withdraw(
      bySelector ? (stable?.hash ?? rollout.baseline.hash) : rollout.baseline.hash,
      rollout.because,
    )
  }
  if (seen.interrupted !== null)
    return { kind: 'stop', why: 'interrupted', because: `${seen.interrupted}: all traffic is on ${old}` }
  if (stable === null && canary !== null) return halt(`${old}'s Deployment is gone; ${fresh} stays`)
  // Without its Service the canary can get no request, and a gateway may never accept a route that names it.
  const mayServe = router.hasCanary && (splitsBySelector(rollout.plan) || seen.canaryService !== null)
  if (mayServe && router.settledMs < settleMs)
    return !router.accepted && seen.inPhaseMs >= rollout.plan.readyTimeoutMs + acceptTimeoutMs
      ? halt(`the gateway does not confirm that ${fresh} has no traffic: ${router.because}`)
      : wait(`the gateway moves the traffic away from ${fresh}`)
  const noisy = mayServe ? awaitQuiet(rollout, seen) : null
  return noisy ?? decideClean(rollout, seen, 'rolled-back')
}

/** A first installation that goes back: a new Deployment is removed; one that existed before without serving stays for inspection. */
function decideRevertInstall(rollout: Rollout, { stable }: Observation): Decision {
  const { baseline, smoke, plan, takenBack = false } = rollout
  // Its pods are ready: what was there before served nobody, and this version must not.
  if ((smoke !== undefined || takenBack) && baseline.workload !== null && stable?.version === plan.version)
    return act({ kind: 'restore-workload' }, rollout.because)
  if (stable !== null && !baseline.existed && stable.version === plan.version)
    return act(
      { kind: 'remove-stable-deployment', uid: stable.uid },
      takenBack ? 'it is new, and nothing was there before' : 'it is new and did not start',
    )
  return enterPhase({ kind: 'done', verdict: 'rolled-back' }, rollout.because)
}

import { audienceWords, replicasFor } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import type { Decision, Enter } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Autoscaler, Baseline, Rollout } from '../model/rollout.ts'
import { isJudged } from '../strategies/judged.ts'
import { firstStep, loadAt } from '../strategies/ramp.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { fullReplicas, whatCanaryLacks } from './answers/capacity.ts'
import { disarmed, armedFirst } from './answers/decide-watchdog.ts'
import { boundsNow } from './decide-last.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'
import { endComparison } from './answers/foreign-change.ts'

/** The canary's pods start without traffic: stable's Service is pinned to its own pods before the first one exists. */
export function decidePrepare(rollout: Rollout, seen: Observation): Decision {
  const { plan, baseline } = rollout
  const { stable, canary, canaryService, autoscaler } = seen
  const replicas = firstReplicas(rollout)
  const { fresh, old } = versionNames(plan)
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  if (stable === null) return revert(`${old}'s Deployment was removed from outside`)
  const foreign = endComparison(rollout, seen)
  if (foreign !== null) return foreign
  const bounds = boundsNow(baseline, seen)
  if (bounds === 'foreign')
    return enterPhase({ kind: 'prepare' }, 'the autoscaler has new bounds, which will be restored', {
      ...baseline,
      autoscaler,
    })
  if (bounds === 'as-before' && autoscaler !== null && !isHeld(autoscaler, baseline))
    return act(
      { kind: 'hold-autoscaler', replicas: baseline.replicas },
      `an autoscaler that also counts ${fresh}'s pods would scale against it`,
    )
  if (seen.service?.pin !== baseline.hash)
    return act({ kind: 'pin', hash: baseline.hash }, `${old}'s Service selects only ${old}'s own pods`)
  if (canaryService === null)
    return act({ kind: 'canary-service', hash: null }, `${fresh} needs its own Service`)
  if (canary?.version !== plan.version || canary.replicas < replicas)
    return act(
      { kind: 'canary-deployment', replicas },
      `capacity first: ${pods(replicas)} ${strategyOf(plan).traffic === 'at-once' ? 'of green' : 'for the first step'}`,
    )
  if (canary.readiness.kind === 'failed')
    return revert(`${fresh} cannot run: ${canary.readiness.because}`, canary.readiness.cause)
  if (canary.settled && canary.hash !== null && canaryService.pin !== canary.hash)
    return act(
      { kind: 'canary-service', hash: canary.hash },
      `${fresh}'s Service selects only ${fresh}'s pods`,
    )
  const lack = whatCanaryLacks(plan, seen, replicas)
  if (lack === null) return whenReady(rollout, seen)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(`${fresh} is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}`)
  return wait(lack)
}

/** Pods of the new version before its first traffic. */
export function firstReplicas(rollout: Rollout): number {
  const { plan, baseline } = rollout
  return strategyOf(plan).traffic === 'at-once'
    ? fullReplicas(rollout)
    : replicasFor(plan, loadAt(rollout, firstStep(rollout)?.weight ?? 100), baseline.replicas)
}

function whenReady(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  if (isJudged(plan) && rollout.judgement.state === null)
    return {
      kind: 'measure',
      because: `the judge reads ${versionNames(plan).old}'s last half hour`,
    }
  const { quiet } = rollout.judgement
  if (quiet?.taken === 'abort') return revert(quiet.because)
  return plan.smoke === undefined
    ? whenTested(rollout, seen)
    : enterPhase({ kind: 'smoke' }, `${plan.release} is ready for its API tests, without traffic`)
}

/** Before the first traffic: a stop for a person, or on to it. */
export function whenTested(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  if (plan.pauseAtPreview)
    return (
      disarmed(seen) ??
      enterPhase(
        { kind: 'paused', at: 'preview' },
        `${plan.release} is ready behind the Service ${plan.canaryService}, without traffic; promote or abort it`,
      )
    )
  return armedFirst(rollout, seen) ?? afterPreview(rollout)
}

/** The next phase once the new version is ready. */
export function afterPreview(rollout: Rollout): Enter {
  const { audience } = rollout.plan
  return audience === undefined
    ? toFirstStep(rollout)
    : enterPhase({ kind: 'audience' }, `the canary is ready for its audience, ${audienceWords(audience)}`)
}

/** The first share of the traffic, or all of it. */
export function toFirstStep(rollout: Rollout): Enter {
  const first = firstStep(rollout)
  if (first === null)
    return enterPhase({ kind: 'promote-traffic' }, `${rollout.plan.release} is ready at full capacity`)
  const { weight } = first
  return enterPhase({ kind: 'step', index: 0, weight }, `the canary is ready for ${weight}% of the traffic`)
}

const isHeld = ({ name, min, max }: Autoscaler, { autoscaler, replicas }: Baseline) =>
  name !== autoscaler?.name || (min === replicas && max === replicas)
const pods = (count: number) => (count === 1 ? '1 pod' : `${count} pods`)

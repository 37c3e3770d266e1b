import { replicasFor } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import type { Decision, Enter } from '../model/effects.ts'
import type { Sight } from '../model/observation.ts'
import type { Autoscaler, Before, Rollout } from '../model/rollout.ts'
import { firstStep, isJudged } from '../strategies/ramp.ts'
import { called } from '../strategies/version-names.ts'
import { fullReplicas, whatCanaryLacks } from './capacity.ts'
import { guardAway, guardFirst } from './decide-guard.ts'
import { boundsNow } from './decide-last.ts'
import { act, enterPhase, revert, wait } from './decision.ts'

/** The canary's pods come up where no traffic reaches them: stable's Service is pinned to its own pods before the first one exists. */
export function decidePrepare(rollout: Rollout, seen: Sight): Decision {
  const { plan, before } = rollout
  const { stable, canary, canaryService, autoscaler } = seen
  const replicas = firstReplicas(rollout)
  const { fresh, old } = called(plan)
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  if (stable === null) return revert(`${old}'s Deployment was removed by somebody else`)
  const bounds = boundsNow(before, seen)
  if (bounds === 'foreign')
    return enterPhase({ kind: 'prepare' }, 'the autoscaler has got new bounds, which it will get back', {
      ...before,
      autoscaler,
    })
  if (bounds === 'as-before' && autoscaler !== null && !isHeld(autoscaler, before))
    return act(
      { kind: 'hold-autoscaler', replicas: before.replicas },
      `an autoscaler that also counts ${fresh}'s pods would fight with it`,
    )
  if (seen.service?.pin !== before.hash)
    return act({ kind: 'pin', hash: before.hash }, `${old}'s Service keeps to ${old}'s own pods`)
  if (canaryService === null)
    return act({ kind: 'canary-service', hash: null }, `${fresh} needs a Service of its own`)
  if (canary?.version !== plan.version || canary.replicas < replicas)
    return act(
      { kind: 'canary-deployment', replicas },
      `capacity first: ${pods(replicas)} ${plan.strategy === 'blue-green' ? 'of green' : 'for the first step'}`,
    )
  if (canary.standing.kind === 'failed')
    return revert(`${fresh} cannot run: ${canary.standing.because}`, canary.standing.cause)
  if (canary.settled && canary.hash !== null && canaryService.pin !== canary.hash)
    return act({ kind: 'canary-service', hash: canary.hash }, `${fresh}'s Service keeps to ${fresh}'s pods`)
  const lack = whatCanaryLacks(plan, seen, replicas)
  if (lack === null) return whenReady(rollout, seen)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(`${fresh} is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}`)
  return wait(lack)
}

function firstReplicas(rollout: Rollout): number {
  const { plan, before } = rollout
  return plan.strategy === 'blue-green'
    ? fullReplicas(rollout)
    : replicasFor(plan, firstStep(rollout)?.weight ?? 100, before.replicas)
}

function whenReady(rollout: Rollout, seen: Sight): Decision {
  const { plan } = rollout
  if (isJudged(plan) && rollout.judgement.state === null)
    return {
      kind: 'measure',
      because: `the judge looks at what ${called(plan).old} did in the last half hour`,
    }
  if (plan.pauseAtPreview)
    return (
      guardAway(seen) ??
      enterPhase(
        { kind: 'paused', at: 'preview' },
        `${plan.release} is ready without traffic at the Service ${plan.canaryService}; promote or abort it`,
      )
    )
  return guardFirst(rollout, seen) ?? afterPreview(rollout)
}

/** What follows once the new version is ready and seen to be well. */
export function afterPreview(rollout: Rollout): Enter {
  const first = firstStep(rollout)
  if (first === null)
    return enterPhase({ kind: 'promote-traffic' }, `${rollout.plan.release} is ready at full capacity`)
  const { weight } = first
  return enterPhase(
    { kind: 'step', index: 0, weight },
    `the canary is ready for ${String(weight)}% of the traffic`,
  )
}

const isHeld = ({ name, min, max }: Autoscaler, { autoscaler, replicas }: Before) =>
  name !== autoscaler?.name || (min === replicas && max === replicas)
const pods = (count: number) => (count === 1 ? '1 pod' : `${String(count)} pods`)

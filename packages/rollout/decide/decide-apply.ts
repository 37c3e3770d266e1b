import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { Baseline, Rollout } from '../model/rollout.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'
import { isServing } from './serving.ts'

/** The other objects come first; nothing that serves is changed. */
export function decideApply(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  const { objects } = seen
  if (!seen.former.kept)
    return act({ kind: 'keep-configs' }, 'a rollback needs the configuration that is in use now')
  if (objects.kind === 'unapplied')
    return act({ kind: 'apply-objects' }, `the objects beside the ${plan.workload} come first`)
  if (objects.kind === 'failed') return revert(objects.because)
  if (objects.kind === 'waiting') {
    return late(rollout, seen)
      ? revert(`${objects.because}, after ${formatDuration(plan.readyTimeoutMs)}`)
      : wait(objects.because)
  }
  if (seen.service === null && plan.service !== '')
    return revert(`the Service ${plan.service} does not exist`)
  if (isServing(rollout, seen)) {
    const because = `${plan.deployment} already runs ${plan.image}`
    return enterPhase({ kind: 'done', verdict: 'unchanged' }, because, beforeOf(rollout, seen))
  }
  return plan.preDeployJob === null
    ? whatComes(rollout, seen)
    : enterPhase(
        { kind: 'pre-deploy' },
        `the Job ${plan.preDeployJob.metadata.name} runs with the new image first`,
      )
}

/** The Job runs with the new image while the old version serves; its failure ends the rollout before any other change. */
export function decideBefore(rollout: Rollout, seen: Observation): Decision {
  const { job } = seen
  // A migration is not interrupted half-way; the next run finds it and continues.
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: nothing else is changed; ${job.because}`,
    }
  switch (job.kind) {
    case 'absent':
      return act({ kind: 'pre-deploy-job' }, 'it runs before any traffic')
    case 'failed':
    case 'stuck':
      return revert(job.because, job.cause)
    case 'blocked':
    case 'running':
      // Its own activeDeadlineSeconds and backoffLimit limit its time; the run's timeout applies as well.
      return wait(job.because)
    case 'none':
    case 'succeeded':
      return whatComes(rollout, seen)
  }
}

function whatComes(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable } = seen
  if (stable === null || stable.ready === 0 || stable.hash === null) {
    const because =
      stable === null
        ? 'nothing runs yet'
        : `no pod of the ${plan.workload} is ready, so it serves no traffic`
    return enterPhase({ kind: 'install' }, because, {
      ...rollout.baseline,
      existed: stable !== null,
      workload: plan.smoke === undefined && plan.targets === undefined ? null : seen.live,
    })
  }
  // A foreign rollout may finish, for a while: pinning it half-way would freeze it.
  const moving = !stable.settled && stable.readiness.kind === 'waiting'
  if (moving && plan.kind === 'deploy' && !late(rollout, seen))
    return wait(`the ${plan.workload} is still rolling out an earlier change`)
  return !strategyOf(plan).hasSecondVersion
    ? enterPhase(...firstOfRolling(rollout), { ...beforeOf(rollout, seen), workload: seen.live })
    : enterPhase(
        { kind: 'prepare' },
        `${plan.image} becomes ${versionNames(plan).fresh}`,
        beforeOf(rollout, seen),
      )
}

function firstOfRolling({ plan }: Rollout): [Phase, string] {
  return plan.smoke === undefined
    ? [{ kind: 'roll' }, `${plan.workload} ${plan.deployment} gets ${plan.image}`]
    : [{ kind: 'smoke' }, `one pod of ${plan.release} is tested before any other is replaced`]
}

function beforeOf(rollout: Rollout, { stable, router, autoscaler }: Observation): Baseline {
  return {
    ...rollout.baseline,
    existed: true,
    image: stable?.image ?? null,
    replicas: stable?.replicas ?? 0,
    hash: stable?.hash ?? null,
    routes: router.rules,
    autoscaler: !strategyOf(rollout.plan).hasSecondVersion ? null : autoscaler,
  }
}

const late = (rollout: Rollout, seen: Observation) => seen.inPhaseMs >= rollout.plan.readyTimeoutMs

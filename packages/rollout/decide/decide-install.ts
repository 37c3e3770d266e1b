import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import { type Observation, findsAll } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { settleMs } from '../model/timing.ts'
import { patienceMs, unstick } from './decide-rolling.ts'
import { testedFirst } from './answers/tested-first.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'

/** Nothing serves, so there is nothing to compare with or to protect: the Deployment itself is started. */
export function decideInstall(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable, service, router } = seen
  if (seen.interrupted !== null)
    return {
      kind: 'stop',
      why: 'interrupted',
      because: `${seen.interrupted}: the first pods are still starting`,
    }
  if (service === null && plan.service !== '') return revert(`the Service ${plan.service} is gone`)
  if (service !== null && service.pin !== null)
    return act({ kind: 'pin', hash: null }, 'a pin of an earlier rollout is still there')
  if (stable?.version !== plan.version) return act({ kind: 'stable-deployment' }, 'nothing serves yet')
  const waiting = whatIsMissing(rollout, seen)
  if (waiting === null)
    return (
      testedFirst(rollout) ??
      enterPhase({ kind: 'done', verdict: 'promoted' }, sentence(rollout, stable.replicas))
    )
  if (stable.readiness.kind === 'failed')
    return revert(`the first installation failed: ${stable.readiness.because}`, stable.readiness.cause)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(
      `the first installation is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${waiting}`,
    )
  const stuck = unstick(seen, patienceMs)
  if (stuck !== null) return stuck
  return wait(router.hasCanary ? `${waiting}; a canary of an earlier rollout is in the route` : waiting)
}

function whatIsMissing({ plan }: Rollout, { stable, service, foundMs, router }: Observation): string | null {
  if (stable === null || !stable.settled || stable.readiness.kind !== 'ready')
    return stable === null || stable.readiness.kind === 'ready'
      ? 'the pods are starting'
      : stable.readiness.because
  if (plan.service !== '' && !findsAll(service, stable.replicas))
    return 'the Service has not found all pods yet'
  if (!router.accepted) return router.because
  // The end of the run invites requests, so the data plane must be ready.
  if (plan.service !== '' && Math.min(foundMs, router.settledMs) < settleMs)
    return 'route and pods are too new for the data plane'
  return null
}

/** An autoscaler may want no pod: then the version has never been seen running. */
const sentence = ({ plan, baseline }: Rollout, replicas: number) =>
  (baseline.existed ? 'nothing was serving: ' : 'first installation: ') +
  (replicas === 0
    ? `${plan.deployment} has ${plan.release} with 0 replicas, so no pod of it has run`
    : `${plan.deployment} ${plan.release} runs, there was nothing to compare it with`)

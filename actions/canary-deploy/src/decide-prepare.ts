import { formatDuration } from '@alt-las/time'
import { replicasFor, whatCanaryLacks } from './capacity.ts'
import { act, enterPhase, revert, wait, type Decision } from './decision.ts'
import type { Rollout } from './rollout.ts'
import type { Sight } from './sight.ts'

/** The canary's pods come up where no traffic reaches them: stable's Service is pinned to its own pods before the first one exists. */
export function decidePrepare(rollout: Rollout, seen: Sight): Decision {
  const { plan, before } = rollout
  const { stable, canary, canaryService } = seen
  const first = plan.steps[0]
  const replicas = replicasFor(first?.weight ?? 100, before.replicas)
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  if (stable === null) return revert('the stable Deployment was removed by somebody else')
  if (seen.service?.pin !== before.hash)
    return act({ kind: 'pin', hash: before.hash }, "stable's Service keeps to stable's own pods")
  if (canaryService === null)
    return act({ kind: 'canary-service', hash: null }, 'the canary needs a Service of its own')
  if (canary?.version !== plan.version || canary.replicas < replicas)
    return act(
      { kind: 'canary-deployment', replicas },
      `capacity first: ${pods(replicas)} for the first step`,
    )
  if (canary.standing.kind === 'failed') return revert(`the canary cannot run: ${canary.standing.because}`)
  if (canary.settled && canary.hash !== null && canaryService.pin !== canary.hash)
    return act(
      { kind: 'canary-service', hash: canary.hash },
      "the canary's Service keeps to the canary's pods",
    )
  const lack = whatCanaryLacks(seen, replicas)
  if (lack === null) return firstStep(rollout)
  if (seen.inPhaseMs >= plan.readyTimeoutMs)
    return revert(`the canary is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}`)
  return wait(lack)
}

function firstStep({ plan }: Rollout): Decision {
  const first = plan.steps[0]
  return first === undefined
    ? enterPhase({ kind: 'promote-traffic' }, `${plan.release} is ready at full capacity`)
    : enterPhase(
        { kind: 'step', index: 0 },
        `the canary is ready for ${String(first.weight)}% of the traffic`,
      )
}

const pods = (count: number) => (count === 1 ? '1 pod' : `${String(count)} pods`)

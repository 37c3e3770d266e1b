import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { testedFirst } from './answers/tested-first.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'

/** A rolling update has no second version: one pod of the new template answers the API tests, and is gone before the first pod is replaced. */
export function decideSmokePod(rollout: Rollout, seen: Observation): Decision {
  const { plan, smoke } = rollout
  const { stable, smokePod } = seen
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any pod was replaced`)
  if (stable === null) return revert(`the ${plan.workload} was removed from outside`)
  if (smoke?.outcome === 'passed')
    return (
      removeSmokePod(seen) ??
      (smokePod?.kind === 'ending'
        ? wait(smokePod.because)
        : enterPhase(
            { kind: 'roll' },
            `${smoke.because}; ${plan.workload} ${plan.deployment} gets ${plan.image}`,
          ))
    )
  if (smokePod === undefined || smokePod.kind === 'absent')
    return act(
      { kind: 'smoke-pod' },
      `one pod of ${plan.release} answers the API tests, beside the ${plan.workload}`,
    )
  if (smokePod.kind === 'failed')
    return revert(`the new version cannot run: ${smokePod.because}`, smokePod.cause)
  if (smokePod.kind === 'ready') return testedFirst(rollout) ?? wait(smokePod.because)
  return seen.inPhaseMs >= plan.readyTimeoutMs
    ? revert(`not ready after ${formatDuration(plan.readyTimeoutMs)}: ${smokePod.because}`)
    : wait(smokePod.because)
}

/** The pod of the API tests is removed once they have run, whatever they gave; null without one. */
export function removeSmokePod({ smokePod }: Observation): Decision | null {
  if (smokePod?.uid === undefined || smokePod.kind === 'ending') return null
  return act({ kind: 'remove-smoke-pod', uid: smokePod.uid }, 'the API tests need it no more')
}

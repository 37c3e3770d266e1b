import { formatDuration } from '@alt-las/time'
import type { Decision } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { acceptTimeoutMs, settleMs } from '../../model/timing.ts'
import { factsOf } from '../../strategies/phases.ts'
import { drainMs } from './decide-drain.ts'
import { halt, revert } from './decision.ts'

/**
 * Every wait has an end, whatever it waits for: a gateway that never accepts, a pod that never ends. Phases whose length is an input have an
 * end of their own. In `revert`, and where there is no way back, the traffic stays where it is and the next run goes on.
 */
export function endOfWaiting(rollout: Rollout, seen: Observation, decision: Decision): Decision {
  const { phase, plan } = rollout
  if ((decision.kind !== 'wait' && decision.kind !== 'measure') || lastAsLongAsAsked.has(phase.kind))
    return decision
  const graceMs = 1000 * (plan.desired.spec.template.spec.terminationGracePeriodSeconds ?? 30)
  const mostMs = plan.readyTimeoutMs + 2 * acceptTimeoutMs + settleMs + drainMs + graceMs
  if (seen.inPhaseMs < mostMs) return decision
  const because = `${decision.because}, after ${formatDuration(seen.inPhaseMs)}`
  const { wayBack } = factsOf(phase)
  return phase.kind !== 'revert' && (wayBack === 'revert' || wayBack === 'none')
    ? revert(because)
    : halt(because)
}

/** By the Job's own deadline, the audience's hold, `max-duration`, `rollback-window`, the time of a comparison, the strategy of the workload. */
const lastAsLongAsAsked: ReadonlySet<string> = new Set([
  'pre-deploy',
  'audience',
  'step',
  'warm',
  'compare',
  'paused',
  'roll',
])

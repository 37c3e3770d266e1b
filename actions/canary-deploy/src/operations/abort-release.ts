import { type Rollout, factsOf, releaseToReturnTo, resumeRollout, rollOut, takenBack } from '@alt-las/rollout'
import { resultFor, resultOf, type TargetResult } from '../outcome.ts'
import { planRollback } from '../plan/make-plan.ts'
import type { Ports } from '../ports.ts'
import { rolloutPorts } from './rollout-ports.ts'

/**
 * Targets of an unfinished release of several that have no old version beside them any more: on their way forward, or promoted already. An abort
 * of the release takes them back as well, by their recorded releases.
 */
export function pastReturn(states: readonly Rollout[]): readonly Rollout[] {
  const unfinished = states.filter(({ phase }) => phase.kind !== 'done')
  return states.filter((state) => {
    const { plan, phase, releases } = state
    if (plan.targets === undefined || plan.kind !== 'deploy') return false
    if (factsOf(phase).wayBack === 'forward') return true
    const isPromoted = phase.kind === 'done' && releases.current === plan.release
    return isPromoted && unfinished.some((one) => isOfOneRelease(one, state))
  })
}

const isOfOneRelease = ({ plan: one }: Rollout, { plan: other }: Rollout): boolean =>
  one.release === other.release && one.targets?.includes(other.deployment) === true

/** Back to the release before; a first installation is removed. */
export async function returnTarget(known: Rollout, timeoutMs: number, ports: Ports): Promise<TargetResult> {
  const { plan: last, phase, releases } = known
  const at = {
    at: ports.clock.now(),
    because: `${last.release} is aborted: its first installation goes back`,
  }
  if (takenBack(known, at) !== null) {
    const start = (now: Rollout) => takenBack(now, at) ?? now
    return resultOf(await resumeRollout(last, timeoutMs, { ports: rolloutPorts(ports), start }))
  }
  // A release is recorded at its end.
  const wanted = phase.kind === 'done' ? null : releases.current
  const plan = planRollback(last, releaseToReturnTo(releases, wanted, last.deployment), last.readyTimeoutMs)
  const result = resultFor(plan, await rollOut({ plan, others: [], timeoutMs }, rolloutPorts(ports)))
  return result.verdict === 'promoted' || result.verdict === 'unchanged'
    ? { ...result, verdict: 'rolled-back', because: `${last.release} is aborted: back on ${plan.release}` }
    : result
}

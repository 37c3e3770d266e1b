import { hasTraffic, splitsBySelector } from '@alt-las/routers'
import { otherAnswers } from '../../judging/answers.ts'
import type { Decision } from '../../model/effects.ts'
import type { Observation } from '../../model/observation.ts'
import type { Rollout } from '../../model/rollout.ts'
import { act, revert, withdraw } from './decision.ts'
import { endComparison } from './foreign-change.ts'

/** What comes before everything else while the canary has some of the traffic: mostly what takes it back. null = nothing. */
export function endsTraffic(rollout: Rollout, seen: Observation): Decision | null {
  const { judgement } = rollout
  const { canary, stable, router } = seen
  if (seen.interrupted !== null) {
    // The only write that waits for nothing, not even for the state to be saved.
    return hasTraffic(router) ? withdraw(rollout.baseline.hash, seen.interrupted) : revert(seen.interrupted)
  }
  if (stable === null) return revert('the stable Deployment was removed from outside')
  if (canary === null) return revert('the canary was removed from outside')
  const foreign = endComparison(rollout, seen) ?? pinnedAgain(rollout, seen)
  if (foreign !== null) return foreign
  if (canary.readiness.kind === 'failed')
    return revert(`the canary failed: ${canary.readiness.because}`, canary.readiness.cause)
  if (judgement.verdict === 'roll-back') return revert(judgement.because)
  const others = otherAnswers(judgement) ?? judgement.quiet?.soak?.trouble ?? null
  return others === null ? null : revert(others)
}

/** Without its pin stable's Service would also select the canary's pods. */
export function pinnedAgain({ plan, baseline }: Rollout, { service }: Observation): Decision | null {
  if (splitsBySelector(plan) || service === null || service.pin === baseline.hash) return null
  return act(
    { kind: 'pin', hash: baseline.hash },
    `the pin of stable's Service was removed from outside: it selects only stable's own pods again`,
  )
}

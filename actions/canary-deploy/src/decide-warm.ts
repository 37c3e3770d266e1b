import { formatDuration } from '@alt-las/time'
import { enterPhase, revert, wait, withdraw, type Decision } from './decision.ts'
import type { Rollout } from './rollout.ts'
import { fewestBlocks } from './settle.ts'
import type { Sight } from './sight.ts'

/**
 * All traffic is on the new version and the old one stands by, so that going back is one patch. After a blue-green switch this is the soak:
 * the judge compares with the time before it, and has to have seen enough.
 */
export function decideWarm(rollout: Rollout, seen: Sight): Decision {
  const { plan, judgement, before } = rollout
  const { canary, router } = seen
  if (seen.interrupted !== null)
    return router.weight === 0 ? revert(seen.interrupted) : withdraw(before.hash, seen.interrupted)
  if (router.weight === 0) return revert('the traffic was put back on stable by somebody else')
  if (canary === null) return revert('the new version was removed by somebody else')
  if (canary.standing.kind === 'failed')
    return revert(`the new version fell over: ${canary.standing.because}`)
  if (judgement.verdict === 'roll-back') return revert(judgement.because)
  return plan.strategy === 'blue-green' ? soak(rollout, seen) : standBy(rollout, seen)
}

function standBy({ plan }: Rollout, seen: Sight): Decision {
  const left = plan.rollbackWindowMs - seen.enteredMs
  return left <= 0
    ? promote(plan.release, plan.deployment)
    : wait(`the old version stays warm for another ${formatDuration(Math.ceil(left / 1000) * 1000)}`)
}

function soak({ plan, judgement }: Rollout, seen: Sight): Decision {
  const long = Math.max(plan.judging.bakeMs, plan.rollbackWindowMs)
  if (plan.kind === 'rollback') return promote(plan.release, plan.deployment)
  const enough = judgement.blocks >= fewestBlocks && judgement.verdict === 'continue'
  if (seen.enteredMs >= long && enough) return promote(plan.release, plan.deployment)
  if (seen.enteredMs < Math.max(long, plan.judging.maxDurationMs)) {
    const because = judgement.trouble?.because ?? judgement.because
    return { kind: 'measure', because: `all traffic is on green, blue stays warm: ${because}` }
  }
  const because = `undecided after ${formatDuration(plan.judging.maxDurationMs)}: ${judgement.trouble?.because ?? judgement.because}`
  return plan.judging.onUndecided === 'promote' && judgement.verdict === 'continue'
    ? promote(plan.release, plan.deployment)
    : revert(because)
}

const promote = (release: string, deployment: string): Decision =>
  enterPhase({ kind: 'promote-stable' }, `${deployment} itself gets ${release}`)

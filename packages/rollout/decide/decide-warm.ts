import { formatDuration } from '@alt-las/time'
import { undecidedBecause } from '../judging/judging.ts'
import { lateSuspicion } from '../judging/late.ts'
import { otherAnswers } from '../judging/answers.ts'
import type { Decision, Enter } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, blindMs, fewestBlocks, settleMs } from '../model/timing.ts'
import { undecided } from './answers/decide-undecided.ts'
import { armedFirst } from './answers/decide-watchdog.ts'
import { act, enterPhase, revert, wait, withdraw } from './answers/decision.ts'
import { proofWords } from './answers/progress-words.ts'
import { toCompare } from './decide-compare.ts'
import { isSoaked, soakWords } from './answers/soaked.ts'
import { isTimed, quietSwitchMsOf, windowMsOf } from '../strategies/ramp.ts'
import { strategyOf } from '../strategies/strategies.ts'

/**
 * All traffic is on the new version and the old one stays warm, so that a rollback is one patch. A canary is watched against its own and
 * stable's past; on a suspicion both are compared. After a blue-green switch this is the soak: traffic cannot be split, so the judge compares
 * with the time before the switch, and needs enough evidence.
 */
export function decideWarm(rollout: Rollout, seen: Observation): Decision {
  const { plan, judgement, baseline } = rollout
  const { canary, router } = seen
  if (seen.interrupted !== null)
    return router.weight === 0 ? revert(seen.interrupted) : withdraw(baseline.hash, seen.interrupted)
  if (router.weight === 0) return revert('the traffic was moved back to stable from outside')
  if (canary === null) return revert('the new version was removed from outside')
  if (canary.readiness.kind === 'failed')
    return revert(`the new version failed: ${canary.readiness.because}`, canary.readiness.cause)
  if (judgement.verdict === 'roll-back') return revert(judgement.because)
  const others = otherAnswers(judgement) ?? judgement.quiet?.soak?.trouble ?? null
  if (others !== null) return revert(others)
  return strategyOf(plan).traffic === 'at-once' ? soak(rollout, seen) : standBy(rollout, seen)
}

function standBy(rollout: Rollout, seen: Observation): Decision {
  const { judgement } = rollout
  const leftMs = windowMsOf(rollout) - seen.switchedMs
  const stays = `the old version stays warm for another ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`
  const suspicion = lateSuspicion(judgement)
  if (suspicion === null) return leftMs <= 0 ? afterWarm(rollout) : wait(stays)
  if (judgement.late?.memory?.kind === 'fault') return revert(judgement.late.memory.because)
  const share = takeAll(rollout, seen)
  if (share !== null) return share
  const { kind, because } = suspicion
  // The window does not end on a doubt.
  if (kind === 'suspected' || (kind === 'uneasy' && leftMs <= 0)) return toCompare(rollout, seen, because)
  const known = judgement.trouble === null ? because : `it is not watched: ${judgement.trouble.because}`
  return leftMs > 0
    ? { kind: 'measure', because: `${stays}: ${known}` }
    : {
        ...afterWarm(rollout),
        because: `${afterWarm(rollout).because}; with all traffic: ${known}${memoryWords(rollout)}`,
      }
}

function memoryWords({ judgement: { late } }: Rollout): string {
  const memory = late?.memory
  return memory?.kind === 'unknown' ? `; its memory was not watched: ${memory.because}` : ''
}

/** After a comparison all traffic comes back; null when it is there. */
function takeAll(rollout: Rollout, seen: Observation): Decision | null {
  const { plan, baseline } = rollout
  const { router, inPhaseMs } = seen
  if (router.weight !== 100)
    return (
      armedFirst(rollout, seen) ??
      act({ kind: 'weight', percent: 100, stable: baseline.hash }, 'all traffic to the new version again')
    )
  if (router.accepted)
    return router.settledMs < settleMs ? wait('the gateway moves all traffic to the new version') : null
  return inPhaseMs >= plan.readyTimeoutMs + acceptTimeoutMs
    ? revert(`the gateway does not take 100%: ${router.because}`)
    : wait(router.because)
}

function soak(rollout: Rollout, seen: Observation): Decision {
  const { plan, judgement } = rollout
  const asked = Math.max(plan.judging.bakeMs, plan.rollbackWindowMs)
  const long = isTimed(rollout) ? quietSwitchMsOf(plan) : asked
  if (plan.kind === 'rollback') return afterWarm(rollout)
  // Permanently blind: all traffic must not stay on a version that cannot be judged.
  if (judgement.trouble?.lasting === true && seen.router.settledMs >= blindMs)
    return revert(judgement.trouble.because)
  const enough = isTimed(rollout)
    ? isSoaked(rollout, seen)
    : judgement.blocks >= fewestBlocks && judgement.verdict === 'ready'
  if (seen.enteredMs >= long && enough) return afterWarm(rollout)
  if (seen.enteredMs < Math.max(long, plan.judging.maxDurationMs)) {
    const progress = isTimed(rollout)
      ? soakWords(judgement.quiet?.soak)
      : `${proofWords(rollout, seen)}; ${judgement.because}`
    const because = judgement.trouble?.because ?? progress
    return { kind: 'measure', because: `all traffic is on green, blue stays warm: ${because}` }
  }
  const because = `undecided after ${formatDuration(plan.judging.maxDurationMs)}: ${undecidedBecause(judgement)}`
  return undecided(rollout, seen, { at: 'warm', because, next: afterWarm(rollout) })
}

/** The next phase once the old version is not needed any more. */
export const afterWarm = ({ plan }: Rollout): Enter =>
  enterPhase({ kind: 'promote-stable' }, `${plan.deployment} itself gets ${plan.release}`)

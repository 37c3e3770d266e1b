import { splitsBySelector } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import { otherAnswers } from '../judging/answers.ts'
import { isSuspected } from '../judging/judging.ts'
import type { Decision, Enter } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, blindMs, comparisonMs } from '../model/timing.ts'
import { armedFirst } from './answers/decide-watchdog.ts'
import { act, enterPhase, revert, wait, withdraw } from './answers/decision.ts'
import { pinnedAgain } from './answers/ends-traffic.ts'
import { endComparison } from './answers/foreign-change.ts'
import { windowMsOf } from '../strategies/ramp.ts'

type Comparing = Extract<Phase, { kind: 'compare' }>

/** Half of the traffic compares best, halves what a fault costs, and both versions can carry it. */
const half = 50

/** To the comparison. Where pods are the weight, it is the share that the pods of both versions have. */
export function toCompare({ plan, baseline }: Rollout, { canary }: Observation, suspicion: string): Enter {
  const pods = canary?.replicas ?? 0
  const weight = splitsBySelector(plan)
    ? Math.round((1000 * pods) / Math.max(1, pods + baseline.replicas)) / 10
    : half
  return enterPhase(
    { kind: 'compare', weight },
    `a fault that came late is suspected: ${suspicion}; stable gets ${Math.round((100 - weight) * 10) / 10} % again, to compare both`,
  )
}

/** With all traffic on one version a fault looks like an incident that both would have. Side by side they differ: the judge decides. */
export function decideCompare(rollout: Rollout, at: Comparing, seen: Observation): Decision {
  const { judgement, baseline } = rollout
  const { canary, stable, router, interrupted } = seen
  if (interrupted !== null)
    return router.weight === 0 ? revert(interrupted) : withdraw(baseline.hash, interrupted)
  if (stable === null) return revert('the stable Deployment was removed from outside')
  if (canary === null) return revert('the canary was removed from outside')
  if (router.weight === 0) return revert('the traffic was moved back to stable from outside')
  const foreign = endComparison(rollout, seen) ?? pinnedAgain(rollout, seen)
  if (foreign !== null) return foreign
  if (canary.readiness.kind === 'failed')
    return revert(`the canary failed: ${canary.readiness.because}`, canary.readiness.cause)
  if (judgement.verdict === 'roll-back') return revert(`a fault that came late: ${judgement.because}`)
  if (judgement.late?.memory?.kind === 'fault') return revert(judgement.late.memory.because)
  const others = otherAnswers(judgement)
  if (others !== null) return revert(others)
  return giveShare(rollout, at, seen) ?? compareOn(rollout, seen)
}

/** Stable's part of the traffic, and the gateway's acceptance; null when both are in place. */
function giveShare(rollout: Rollout, { weight }: Comparing, seen: Observation): Decision | null {
  const { plan, baseline } = rollout
  const { router, stable, inPhaseMs } = seen
  const isGiven = splitsBySelector(plan) ? router.weight !== 100 : router.weight === weight
  if (!isGiven) {
    const needed = Math.ceil(baseline.replicas * (1 - weight / 100))
    const ready = stable?.ready ?? 0
    if (ready < needed) {
      const lack = `stable has ${ready} ready pods, the comparison needs ${needed}`
      return inPhaseMs >= plan.readyTimeoutMs
        ? revert(`the suspicion cannot be cleared: ${lack}`)
        : wait(lack)
    }
    const share = { kind: 'weight', percent: weight, stable: baseline.hash } as const
    return armedFirst(rollout, seen) ?? act(share, 'stable gets traffic again, to compare both versions')
  }
  if (router.accepted) return null
  return inPhaseMs >= acceptTimeoutMs + plan.readyTimeoutMs
    ? revert(`the suspicion cannot be cleared: the gateway does not take ${weight}%: ${router.because}`)
    : wait(router.because)
}

function compareOn(rollout: Rollout, { switchedMs, enteredMs, router }: Observation): Decision {
  const { plan, judgement } = rollout
  const { verdict, because, trouble } = judgement
  const overTime = enteredMs >= comparisonMs
  if (trouble !== null && (overTime || (trouble.lasting && router.settledMs >= blindMs)))
    return revert(`the suspicion cannot be cleared: ${trouble.because}`)
  const isOver = switchedMs >= windowMsOf(rollout)
  const isFirst = (judgement.late?.comparisons ?? 1) === 1
  // What was looked into twice is compared to the end of the window.
  if (verdict === 'ready' && (isFirst || isOver)) return back(`side by side it is no worse: ${because}`)
  if (verdict !== 'undecided' && !overTime)
    return { kind: 'measure', because: `both are compared: ${trouble?.because ?? because}` }
  const undecided = `undecided after ${formatDuration(comparisonMs)}: ${because}`
  return isSuspected(judgement, plan.judging)
    ? revert(`the suspicion was not cleared, ${undecided}`)
    : back(`the suspicion was not confirmed, ${undecided}`)
}

const back = (because: string): Enter => enterPhase({ kind: 'warm' }, because)

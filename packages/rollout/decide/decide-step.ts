import { replicasFor } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import { isSuspected, undecidedBecause } from '../judging/judging.ts'
import { whyOff } from '../judging/sampling.ts'
import type { Decision, Enter } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Phase } from '../model/phase.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, blindMs, fewestBlocks, settleMs } from '../model/timing.ts'
import { fixedSteps, holdMsOf, isTimed, loadAt, stepAfter } from '../strategies/ramp.ts'
import { whatCanaryLacks } from './answers/capacity.ts'
import { versionNames } from '../strategies/strategies.ts'
import { disarmed, armedFirst } from './answers/decide-watchdog.ts'
import { undecided } from './answers/decide-undecided.ts'
import { clockTime, nowOf, proofWords } from './answers/progress-words.ts'
import { act, enterPhase, revert, wait } from './answers/decision.ts'
import { endsTraffic } from './answers/ends-traffic.ts'
import { isSoaked, judgedWords, soakWords } from './answers/soaked.ts'

type Standing = Extract<Phase, { kind: 'step' }>

/** The canary gets one step's share, is judged block by block, and moves on only when time, blocks and judge allow. */
export function decideStep(rollout: Rollout, at: Standing, seen: Observation): Decision {
  return endsTraffic(rollout, seen) ?? takeTraffic(rollout, at, seen) ?? judgeOn(rollout, at, seen)
}

/** Capacity, then weight, then the gateway's acceptance; null when all are in place. */
function takeTraffic(rollout: Rollout, { index, weight }: Standing, seen: Observation): Decision | null {
  const { plan, baseline } = rollout
  const { canary, router } = seen
  const replicas = replicasFor(plan, loadAt(rollout, weight), baseline.replicas)
  if ((canary?.replicas ?? 0) < replicas)
    return act({ kind: 'canary-deployment', replicas }, `capacity first: ${replicas} for ${weight}%`)
  if (router.weight !== weight) {
    const lack = whatCanaryLacks(plan, seen, replicas)
    if (lack === null)
      return (
        armedFirst(rollout, seen) ??
        act(
          { kind: 'weight', percent: weight, stable: baseline.hash },
          `step ${index + 1}: ${weight}% to the canary`,
        )
      )
    return seen.inPhaseMs >= plan.readyTimeoutMs
      ? revert(`the canary is not ready for ${weight}%: ${lack}`)
      : wait(lack)
  }
  if (plan.audience !== undefined && router.audience !== 'on')
    return armedFirst(rollout, seen) ?? act({ kind: 'audience' }, 'the audience stays on the canary')
  if (router.accepted) return null
  return seen.inPhaseMs >= acceptTimeoutMs + plan.readyTimeoutMs
    ? revert(`the gateway does not take ${weight}%: ${router.because}`)
    : wait(router.because)
}

function judgeOn(rollout: Rollout, at: Standing, seen: Observation): Decision {
  const { plan, judgement } = rollout
  const held = seen.router.settledMs >= holdMsOf(rollout, at.index)
  const step = `step ${at.index + 1}`
  // Permanently blind: traffic must not stay on a version that cannot be judged.
  if (judgement.trouble?.lasting === true && seen.router.settledMs >= blindMs)
    return revert(judgement.trouble.because)
  const off = offWeight(rollout, at, seen)
  if (off !== null)
    return seen.router.settledMs >= settleMs + acceptTimeoutMs
      ? revert(off)
      : { kind: 'measure', because: off }
  const onward = held ? goingOn(rollout, at, seen) : null
  if (onward !== null) return onward
  const over = judgement.verdict === 'undecided' || seen.judgedMs >= plan.judging.maxDurationMs
  if (!over) return { kind: 'measure', because: `${step}: ${reason(rollout, at, seen)}` }
  const because = `undecided after ${formatDuration(plan.judging.maxDurationMs)} at ${step}: ${undecidedBecause(judgement)}`
  const next = enterPhase({ kind: 'promote-traffic' }, because)
  return undecided(rollout, seen, { at: at.index, because, next })
}

/** The next share, or all traffic once the judge calls the version ready; null while the evidence is not enough. */
function goingOn(rollout: Rollout, at: Standing, seen: Observation): Decision | null {
  const { judgement } = rollout
  const { verdict } = judgement
  if (isTimed(rollout)) return isSoaked(rollout, seen) ? passed(rollout, at.index, seen) : null
  if (fixedSteps(rollout) === null) {
    if (verdict === 'ready') return afterStep(rollout, at.index)
    return verdict === 'continue' && stepAfter(rollout, at) !== null ? onTo(rollout, at) : null
  }
  if (judgement.blocks < fewestBlocks) return null
  const isLast = stepAfter(rollout, at) === null
  return verdict === 'ready' || (verdict === 'continue' && !isLast) ? passed(rollout, at.index, seen) : null
}

function offWeight(
  { plan, judgement }: Rollout,
  { weight }: Standing,
  { router }: Observation,
): string | null {
  const phi = Math.max(2, judgement.state?.spread.errors ?? 2)
  const follows = judgement.state?.settings.expectTraffic ?? true
  return whyOff(plan, judgement.sampling, {
    weight,
    others: router.sticky || !follows || (router.foreign ?? []).length > 0,
    audience: router.audience === 'on',
    phi,
  })
}

function passed(rollout: Rollout, index: number, seen: Observation): Decision {
  const step = fixedSteps(rollout)?.[index]
  if (step?.pause !== true) return afterStep(rollout, index)
  return (
    disarmed(seen) ??
    enterPhase(
      { kind: 'paused', at: index },
      `step ${index + 1} has passed at ${step.weight}%, promote or abort it: ${judgedWords(rollout)}`,
    )
  )
}

/** The next phase after step `index`: the next step of the plan, or all traffic. */
export function afterStep(rollout: Rollout, index: number): Enter {
  const fixed = fixedSteps(rollout)
  const weight = fixed?.[index]?.weight ?? 0
  if (fixed !== null && stepAfter(rollout, { index, weight }) !== null)
    return onTo(rollout, { kind: 'step', index, weight })
  const because = judgedWords(rollout)
  return enterPhase(
    { kind: 'promote-traffic' },
    fixed === null ? because : `every step has passed: ${because}`,
  )
}

function onTo(rollout: Rollout, at: Standing): Enter {
  const weight = stepAfter(rollout, at) ?? at.weight
  return enterPhase(
    { kind: 'step', index: at.index + 1, weight },
    `on to ${weight}%: ${judgedWords(rollout)}`,
  )
}

function reason(rollout: Rollout, { index }: Standing, seen: Observation): string {
  const { plan, judgement } = rollout
  const { settledMs } = seen.router
  if (judgement.trouble !== null) return judgement.trouble.because
  if (isSuspected(judgement, plan.judging)) return `under suspicion, no step is taken: ${judgement.because}`
  const heldUntil = nowOf(rollout, seen) + holdMsOf(rollout, index) - settledMs
  if (settledMs < holdMsOf(rollout, index))
    return `held until ${clockTime(heldUntil)}: ${isTimed(rollout) ? soakWords(judgement.quiet?.soak) : judgement.because}`
  if (isTimed(rollout))
    return `looks at the pods and logs of ${versionNames(plan).fresh} once more: the last look is too old to count`
  if (judgement.blocks < fewestBlocks)
    return `${judgement.blocks} of ${fewestBlocks} blocks with canary traffic so far; ${proofWords(rollout, seen)}`
  return `${proofWords(rollout, seen)}; ${judgement.because}`
}

import { formatDuration } from '@alt-las/time'
import { replicasFor, whatCanaryLacks } from './capacity.ts'
import { guardAway, guardFirst } from './decide-guard.ts'
import { undecided } from './decide-undecided.ts'
import { act, enterPhase, revert, wait, withdraw, type Decision, type Enter } from './decision.ts'
import type { Rollout } from './rollout.ts'
import { whyOff } from './sampling.ts'
import { acceptTimeoutMs, blindMs, fewestBlocks, settleMs } from './settle.ts'
import type { Sight } from './sight.ts'

/** The canary takes one step's share, is judged block by block, and goes on only when time, blocks and judge allow. */
export function decideStep(rollout: Rollout, index: number, seen: Sight): Decision {
  const { plan, judgement } = rollout
  const step = plan.steps[index]
  const { canary, stable, router } = seen
  if (step === undefined) return enterPhase({ kind: 'promote-traffic' }, 'every step is done')
  if (seen.interrupted !== null) {
    // The one deed that must not wait for anything, not even for the state to be saved.
    return router.weight === 0 ? revert(seen.interrupted) : withdraw(rollout.before.hash, seen.interrupted)
  }
  if (stable === null) return revert('the stable Deployment was removed by somebody else')
  if (canary === null) return revert('the canary was removed by somebody else')
  if (canary.standing.kind === 'failed')
    return revert(`the canary fell over: ${canary.standing.because}`, canary.standing.cause)
  if (judgement.verdict === 'roll-back') return revert(judgement.because)
  return takeTraffic(rollout, index, seen) ?? judgeOn(rollout, index, seen)
}

/** Capacity, then weight, then the gateway's consent; null when all are there. */
function takeTraffic(rollout: Rollout, index: number, seen: Sight): Decision | null {
  const { plan, before } = rollout
  const { canary, router } = seen
  const weight = plan.steps[index]?.weight ?? 0
  const replicas = replicasFor(plan, weight, before.replicas)
  if ((canary?.replicas ?? 0) < replicas)
    return act(
      { kind: 'canary-deployment', replicas },
      `capacity first: ${String(replicas)} for ${String(weight)}%`,
    )
  if (router.weight !== weight) {
    const lack = whatCanaryLacks(seen, replicas)
    if (lack === null)
      return (
        guardFirst(rollout, seen) ??
        act(
          { kind: 'weight', percent: weight, stable: before.hash },
          `step ${String(index + 1)}: ${String(weight)}% to the canary`,
        )
      )
    return seen.inPhaseMs >= plan.readyTimeoutMs
      ? revert(`the canary is not ready for ${String(weight)}%: ${lack}`)
      : wait(lack)
  }
  if (router.accepted) return null
  return seen.inPhaseMs >= acceptTimeoutMs + plan.readyTimeoutMs
    ? revert(`the gateway does not take ${String(weight)}%: ${router.because}`)
    : wait(router.because)
}

function judgeOn(rollout: Rollout, index: number, seen: Sight): Decision {
  const { plan, judgement } = rollout
  const step = plan.steps[index]
  const held = seen.router.settledMs >= (step?.holdMs ?? 0)
  const enough = judgement.blocks >= fewestBlocks
  const at = `step ${String(index + 1)}`
  // Blind for good: nothing is gained by leaving traffic on a version that nobody can judge.
  if (judgement.trouble?.lasting === true && seen.router.settledMs >= blindMs)
    return revert(judgement.trouble.because)
  const off = offWeight(rollout, index, seen)
  if (off !== null)
    return seen.router.settledMs >= settleMs + acceptTimeoutMs
      ? revert(off)
      : { kind: 'measure', because: off }
  if (held && enough && judgement.verdict === 'continue') return passed(rollout, index, seen)
  if (seen.totalMs < plan.judging.maxDurationMs)
    return { kind: 'measure', because: `${at}: ${reason(rollout, held)}` }
  const because = `undecided after ${formatDuration(plan.judging.maxDurationMs)} at ${at}: ${reason(rollout, true)}`
  const next = enterPhase({ kind: 'promote-traffic' }, because)
  return undecided(rollout, seen, { at: index, because, next })
}

function offWeight({ plan, judgement }: Rollout, index: number, { router }: Sight): string | null {
  const weight = plan.steps[index]?.weight ?? 0
  const phi = Math.max(2, judgement.state?.spread.errors ?? 2)
  return whyOff(plan, judgement.sampling, { weight, sticky: router.sticky, phi })
}

function passed(rollout: Rollout, index: number, seen: Sight): Decision {
  const step = rollout.plan.steps[index]
  if (step?.pause !== true) return afterStep(rollout, index)
  return (
    guardAway(seen) ??
    enterPhase(
      { kind: 'paused', at: index },
      `step ${String(index + 1)} is passed at ${String(step.weight)}%, promote or abort it: ${rollout.judgement.because}`,
    )
  )
}

/** What follows once step `index` is passed. */
export function afterStep({ plan, judgement }: Rollout, index: number): Enter {
  const step = plan.steps[index + 1]
  return step === undefined
    ? enterPhase({ kind: 'promote-traffic' }, `every step is passed: ${judgement.because}`)
    : enterPhase({ kind: 'step', index: index + 1 }, `on to ${String(step.weight)}%: ${judgement.because}`)
}

function reason({ judgement }: Rollout, held: boolean): string {
  if (judgement.trouble !== null) return judgement.trouble.because
  if (judgement.blocks < fewestBlocks)
    return `${String(judgement.blocks)} of ${String(fewestBlocks)} blocks with canary traffic so far`
  if (judgement.verdict === 'hold') return `under suspicion, no step is taken: ${judgement.because}`
  return held ? judgement.because : `held for its time: ${judgement.because}`
}

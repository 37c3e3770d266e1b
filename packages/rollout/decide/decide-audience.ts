import { audienceWords } from '@alt-las/routers'
import { formatDuration } from '@alt-las/time'
import { isSuspected } from '../judging/judging.ts'
import { sampled } from '../judging/sampling.ts'
import type { Decision } from '../model/effects.ts'
import type { StepFigures } from '../model/judgement.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { acceptTimeoutMs, blindMs } from '../model/timing.ts'
import { firstStep } from '../strategies/ramp.ts'
import { whatCanaryLacks } from './answers/capacity.ts'
import { armedFirst } from './answers/decide-watchdog.ts'
import { act, revert, wait, withdraw } from './answers/decision.ts'
import { endsTraffic } from './answers/ends-traffic.ts'
import { firstReplicas, toFirstStep } from './decide-prepare.ts'

/** The audience alone gets the canary, for its time at least; everybody else stays on stable. A bad canary is taken back here already. */
export function decideAudience(rollout: Rollout, seen: Observation): Decision {
  return endsTraffic(rollout, seen) ?? admit(rollout, seen) ?? judgeOn(rollout, seen)
}

/** Capacity, then the audience's rules, then the gateway's acceptance; null when all are in place. */
function admit(rollout: Rollout, seen: Observation): Decision | null {
  const { plan, baseline } = rollout
  const { canary, router } = seen
  const replicas = firstReplicas(rollout)
  if ((canary?.replicas ?? 0) < replicas)
    return act({ kind: 'canary-deployment', replicas }, `capacity first: ${replicas} for the audience`)
  if (router.weight !== 0) return withdraw(baseline.hash, 'only the audience gets the canary')
  if (router.audience !== 'on') {
    const lack = whatCanaryLacks(plan, seen, replicas)
    if (lack === null)
      return armedFirst(rollout, seen) ?? act({ kind: 'audience' }, `it gets the canary: ${wordsOf(rollout)}`)
    return seen.inPhaseMs >= plan.readyTimeoutMs
      ? revert(`the canary is not ready for its audience: ${lack}`)
      : wait(lack)
  }
  if (router.accepted) return null
  return seen.inPhaseMs >= acceptTimeoutMs + plan.readyTimeoutMs
    ? revert(`the gateway does not take the rule of the audience: ${router.because}`)
    : wait(router.because)
}

function judgeOn(rollout: Rollout, seen: Observation): Decision {
  const { plan, judgement } = rollout
  const { trouble } = judgement
  const { settledMs } = seen.router
  // Permanently blind: nobody may stay on a version that cannot be judged.
  if (trouble?.lasting === true && settledMs >= blindMs) return revert(trouble.because)
  const figures = judgement.steps.at(-1) ?? noFigures
  if (isEverybody(rollout, figures))
    return revert(
      `the audience, ${wordsOf(rollout)}, has ${counted(figures)}: it is no small group, or the gateway does not tell its requests apart`,
    )
  const holdMs = plan.audience?.holdMs ?? 0
  if (settledMs < holdMs) return measure(`held for ${formatDuration(holdMs)}: ${counted(figures)}`)
  const doubt = doubtOf(rollout, seen, figures)
  if (doubt === null) return { ...toFirstStep(rollout), because: passed(rollout, figures) }
  return settledMs >= holdMs + plan.judging.maxDurationMs
    ? revert(`${doubt}, after ${formatDuration(settledMs)} with the audience`)
    : measure(doubt)
}

const measure = (because: string): Decision => ({ kind: 'measure', because: `audience: ${because}` })

const nothing = { requests: 0, errors: 0 }
const noFigures: StepFigures = { weight: 0, canary: nothing, stable: nothing, blocks: 0 }

/** A gateway that ignores the header would send all requests. */
const mostOfAll = 0.75

function isEverybody({ judgement }: Rollout, { canary, stable }: StepFigures): boolean {
  const phi = Math.max(2, judgement.state?.spread.errors ?? 2)
  return sampled(mostOfAll, { canary: canary.requests, stable: stable.requests }, phi) === 'above'
}

/** Why the weights may not begin although the time is over; null if they may. */
function doubtOf({ judgement, plan }: Rollout, { router }: Observation, figures: StepFigures): string | null {
  if (judgement.trouble !== null) return judgement.trouble.because
  if (isSuspected(judgement, plan.judging)) return `under suspicion: ${judgement.because}`
  const seen = figures.canary.requests + figures.stable.requests > 0
  const read = seen || router.settledMs >= (plan.audience?.holdMs ?? 0) + blindMs
  return read ? null : 'no request of either version was counted yet'
}

function passed(rollout: Rollout, figures: StepFigures): string {
  const { judgement, plan } = rollout
  const weight = firstStep(rollout)?.weight ?? 100
  const onward = `on to ${weight}%, and the audience keeps the canary`
  return figures.canary.requests === 0
    ? `nobody of the audience (${wordsOf(rollout)}) came within ${formatDuration(plan.audience?.holdMs ?? 0)}, so nothing was learned from it; ${onward}`
    : `the audience had ${counted(figures)}; ${onward}: ${judgement.because}`
}

const counted = ({ canary, stable }: StepFigures): string =>
  `${Math.round(canary.requests)} of ${Math.round(canary.requests + stable.requests)} requests`

const wordsOf = ({ plan }: Rollout): string =>
  plan.audience === undefined ? 'none' : audienceWords(plan.audience)

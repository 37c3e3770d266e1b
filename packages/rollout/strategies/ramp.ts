import type { Judgement } from '../model/judgement.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { timedSoakMs, usualQuietMs } from '../model/timing.ts'

/** The adaptive ramp avoids small moves, since every change of the weight costs the block that spans it. */
const leastGrowth = 1.25

/** In percent: until the proof, and until the end of the bake; the judge's own bounds of the ramp. */
export const [mostUnproven, mostProven] = [50, 90]

/** In percent; without any known traffic. */
const leastWeight = 0.1

/** Whether the canary gets its share step by step, fixed or adaptive. */
export const hasRamp = ({ ramp, steps }: Pick<Plan, 'ramp' | 'steps'>): boolean =>
  ramp === 'auto' || steps.length > 0

type Ramped = Pick<Rollout, 'plan' | 'judgement'>

/** True where the traffic is too little to judge by: the weights rise by time, and the version's tests and its health decide. */
export const isTimed = ({ judgement }: Pick<Rollout, 'judgement'>): boolean =>
  judgement.quiet?.taken === 'smoke'

/** How long the old version stays warm: usually not long where hardly any user would meet the new one meanwhile. */
export function windowMsOf({ plan, judgement }: Ramped): number {
  const taken = judgement.quiet?.taken
  return taken === 'synthetic' || taken === 'smoke' ? quietWindowMsOf(plan) : plan.rollbackWindowMs
}

/** `rollback-window` and `bake` where users' traffic does not judge, in ms. */
export const quietWindowMsOf = ({ quietWindowMs, rollbackWindowMs }: Plan): number =>
  quietWindowMs ?? usualQuietMs(rollbackWindowMs)
export const quietBakeMsOf = ({ judging }: Plan): number =>
  judging.quietBakeMs ?? usualQuietMs(judging.bakeMs)

/** How long a version that is not judged by traffic is watched after a switch of all traffic: no step by time came before it. */
export const quietSwitchMsOf = (plan: Plan): number =>
  Math.max(
    quietBakeMsOf(plan),
    quietWindowMsOf(plan),
    Math.min(plan.judging.bakeMs, timedSoakMs),
    Math.min(plan.rollbackWindowMs, timedSoakMs),
  )

/** In place of the adaptive ramp, which needs traffic. */
const timedSteps: readonly Step[] = [
  { weight: 5, holdMs: 30_000 },
  { weight: 25, holdMs: 30_000 },
  { weight: 50, holdMs: 60_000 },
]

/** The steps with fixed weights; null where the judge sets them. By time, the last one also lasts as long as the bake that the plan insists on. */
export function fixedSteps({ plan, judgement }: Ramped): readonly Step[] | null {
  const isByTime = isTimed({ judgement })
  const steps = plan.ramp === 'fixed' ? plan.steps : isByTime ? timedSteps : null
  const bakeMs = plan.judging.quietBakeMs ?? 0
  const last = steps?.at(-1)
  if (steps === null || last === undefined || !isByTime || bakeMs <= last.holdMs) return steps
  return [...steps.slice(0, -1), { ...last, holdMs: bakeMs }]
}

/** The first share; null if all traffic moves at once. With the adaptive ramp the judge derives it from the history. */
export function firstStep(rollout: Ramped): Step | null {
  const fixed = fixedSteps(rollout)
  if (fixed !== null) return fixed[0] ?? null
  return { weight: rollout.judgement.wanted ?? leastWeight, holdMs: 0 }
}

/** Fewest requests in the audience's phase that show its share. */
const enoughRequests = 200

/**
 * The canary's share of the traffic at this weight, with its audience: in percent. A share of users is known in advance; the share of any other
 * audience only once its phase has shown it. Before a rollout there is no judgement.
 */
export function loadAt(
  { plan, judgement }: { readonly plan: Plan; readonly judgement: Judgement | null },
  weight: number,
): number {
  const { audience } = plan
  if (audience === undefined) return weight
  const [first, next] = judgement?.steps ?? []
  const seen = next === undefined || first?.weight !== 0 ? null : first
  const requests = seen === null ? 0 : seen.canary.requests + seen.stable.requests
  const measured = seen === null || requests < enoughRequests ? 0 : (100 * seen.canary.requests) / requests
  const share = Math.max(measured, audience.kind === 'share' ? audience.percent : 0)
  return weight + (share * (100 - weight)) / 100
}

/** Minimum duration of step `index`, in ms; 0 with the adaptive ramp. */
export const holdMsOf = (rollout: Ramped, index: number): number => fixedSteps(rollout)?.[index]?.holdMs ?? 0

/** The share after step `index` of `weight`; null = none, or not yet. */
export function stepAfter(
  rollout: Ramped,
  { index, weight }: { readonly index: number; readonly weight: number },
): number | null {
  const { judgement } = rollout
  const fixed = fixedSteps(rollout)
  if (fixed !== null) return fixed[index + 1]?.weight ?? null
  const next = judgement.wanted ?? 0
  const pays = next >= leastGrowth * weight || isCap(next)
  return next > weight && pays && judgement.blocks > 0 ? next : null
}

const isCap = (weight: number): boolean => weight === mostUnproven || weight === mostProven

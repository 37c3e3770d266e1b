import type { Plan, Step } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'

/** The adaptive ramp avoids small moves, since every change of the weight costs the block that spans it. */
const leastGrowth = 1.25

/** In percent: until the proof, and until the end of the bake; the judge's own bounds of the ramp. */
export const [mostUnproven, mostProven] = [50, 90]

/** In percent; without any known traffic. */
const leastWeight = 0.1

/** Whether the canary gets its share step by step, fixed or adaptive. */
export const hasRamp = ({ ramp, steps }: Pick<Plan, 'ramp' | 'steps'>): boolean =>
  ramp === 'auto' || steps.length > 0

/** The first share; null if all traffic moves at once. With the adaptive ramp the judge derives it from the history. */
export function firstStep({ plan, judgement }: Pick<Rollout, 'plan' | 'judgement'>): Step | null {
  if (plan.ramp === 'fixed') return plan.steps[0] ?? null
  return { weight: judgement.wanted ?? leastWeight, holdMs: 0 }
}

/** Minimum duration of step `index`, in ms; 0 with the adaptive ramp. */
export const holdMsOf = ({ ramp, steps }: Plan, index: number): number =>
  ramp === 'fixed' ? (steps[index]?.holdMs ?? 0) : 0

/** The share after step `index` of `weight`; null = none, or not yet. */
export function stepAfter(
  { plan, judgement }: Pick<Rollout, 'plan' | 'judgement'>,
  { index, weight }: { readonly index: number; readonly weight: number },
): number | null {
  if (plan.ramp === 'fixed') return plan.steps[index + 1]?.weight ?? null
  const next = judgement.wanted ?? 0
  const pays = next >= leastGrowth * weight || isCap(next)
  return next > weight && pays && judgement.blocks > 0 ? next : null
}

const isCap = (weight: number): boolean => weight === mostUnproven || weight === mostProven

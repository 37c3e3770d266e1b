import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { factsOf } from './phases.ts'
import { hasRamp } from './ramp.ts'
import { strategyOf } from './strategies.ts'

/** Whether metrics decide about the version: a rollback was judged at its promotion, and `rolling` is judged by its pods alone. */
export const isJudged = (plan: Pick<Plan, 'kind' | 'strategy' | 'ramp' | 'steps'>): boolean =>
  plan.kind === 'deploy' && (strategyOf(plan).traffic === 'at-once' || hasRamp(plan))

/** Whether a canary is watched once it has all traffic, for as long as the old version stays warm. */
export const isWatched = (
  plan: Pick<Plan, 'kind' | 'strategy' | 'ramp' | 'steps' | 'rollbackWindowMs'>,
): boolean => isJudged(plan) && strategyOf(plan).traffic === 'in-steps' && plan.rollbackWindowMs > 0

/** True while the version has traffic that its judgement needs. */
export function isBeingJudged({ plan, phase }: Pick<Rollout, 'plan' | 'phase'>): boolean {
  const { judged } = factsOf(phase)
  if (judged !== 'after-switch') return judged === 'always'
  return plan.kind === 'deploy' && (strategyOf(plan).traffic === 'at-once' || isWatched(plan))
}

/** True where a paused rollout will be judged once it goes on. */
export function isJudgedLater({ plan, phase }: Pick<Rollout, 'plan' | 'phase'>): boolean {
  if (phase.kind !== 'paused') return false
  if (strategyOf(plan).traffic === 'at-once') return phase.at === 'preview'
  if (phase.at === 'warm') return false
  return phase.at === 'preview' ? hasRamp(plan) : phase.at < plan.steps.length - 1 || isWatched(plan)
}

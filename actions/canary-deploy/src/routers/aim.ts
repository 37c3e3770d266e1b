import type { Rollout } from '../rollout.ts'
import type { Aim } from './router.ts'

/** The weight that the phase is about, and the rules as they were before the rollout. */
export function aimOf({ plan, phase, before }: Pick<Rollout, 'plan' | 'phase' | 'before'>): Aim {
  return { weight: weightOf(), before: before.routes }

  function weightOf(): number {
    switch (phase.kind) {
      case 'step':
        return plan.steps[phase.index]?.weight ?? 100
      case 'paused':
        return typeof phase.at === 'number' ? (plan.steps[phase.at]?.weight ?? 100) : 0
      case 'promote-traffic':
      case 'warm':
      case 'promote-stable':
      case 'promote-return':
        return 100
      default:
        return 0
    }
  }
}

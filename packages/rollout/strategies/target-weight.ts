import type { Aim } from '@alt-las/routers'
import type { Rollout } from '../model/rollout.ts'

/** The weight that the phase is about, and the rules as they were before the rollout. */
export function aimOf({ phase, before, judgement }: Pick<Rollout, 'phase' | 'before' | 'judgement'>): Aim {
  return { weight: weightOf(), before: before.routes }

  function weightOf(): number {
    switch (phase.kind) {
      case 'step':
        return phase.weight
      case 'paused':
        return typeof phase.at === 'number' ? (judgement.steps.at(-1)?.weight ?? 0) : 0
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

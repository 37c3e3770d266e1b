import type { TargetWeight } from '@alt-las/routers'
import type { Rollout } from '../model/rollout.ts'
import { factsOf } from './phases.ts'

type Known = Pick<Rollout, 'phase' | 'baseline' | 'judgement'>

/** Target weight and original rules. */
export const targetWeightOf = (rollout: Known): TargetWeight => ({
  weight: weightOf(rollout),
  originals: rollout.baseline.routes,
})

function weightOf({ phase, judgement }: Known): number {
  switch (factsOf(phase).highestWeight) {
    case 'none':
      return 0
    case 'all':
      return phase.kind === 'compare' ? phase.weight : 100
    case 'own':
      if (phase.kind === 'step') return phase.weight
      if (phase.kind !== 'paused' || phase.at === 'preview') return 0
      return phase.at === 'warm' ? 100 : (judgement.steps.at(-1)?.weight ?? 0)
  }
}

import { unjudged } from '../model/judgement.ts'
import type { Phase } from '../model/phase.ts'
import type { Plan } from '../model/plan.ts'
import type { Before, Rollout } from '../model/rollout.ts'

/** What plans had before there was a choice. */
const plan: Omit<Partial<Plan>, 'kind'> = {
  strategy: 'canary',
  workload: 'Deployment',
  router: 'gateway-api',
  configs: [],
  before: null,
  guard: null,
  ramp: 'fixed',
  pauseAtPreview: false,
  rollbackWindowMs: 0,
}

const judging: Partial<Plan['judging']> = { latencyMargin: null }

const before: Partial<Before> = { autoscaler: null, workload: null }

/** A state that an older version of this action has written, with what that version did not know of. */
export function completed(state: Rollout): Rollout {
  return {
    ...state,
    phase: withWeight(state),
    cause: (state as Partial<Rollout>).cause ?? null,
    plan: { ...plan, ...state.plan, judging: { ...judging, ...state.plan.judging } },
    before: { ...before, ...state.before },
    judgement: { ...unjudged, ...state.judgement },
  }
}

function withWeight({ phase, plan: { steps } }: Rollout): Phase {
  if (phase.kind !== 'step') return phase
  return { ...phase, weight: (phase as Partial<typeof phase>).weight ?? steps[phase.index]?.weight ?? 0 }
}

import { unjudged } from './judging.ts'
import type { Plan } from './plan.ts'
import type { Before, Rollout } from './rollout.ts'

/** What plans had before there was a choice. */
const plan: Omit<Partial<Plan>, 'kind'> = {
  strategy: 'canary',
  workload: 'Deployment',
  router: 'gateway-api',
  configs: [],
  before: null,
  guard: null,
  pauseAtPreview: false,
  rollbackWindowMs: 0,
}

const before: Partial<Before> = { autoscaler: null, workload: null }

/** A state that an older version of this action has written, with what that version did not know of. */
export function completed(state: Rollout): Rollout {
  return {
    ...state,
    cause: (state as Partial<Rollout>).cause ?? null,
    plan: { ...plan, ...state.plan },
    before: { ...before, ...state.before },
    judgement: { ...unjudged, ...state.judgement },
  }
}

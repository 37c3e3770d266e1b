import { unjudged } from '../model/judgement.ts'
import { type Plan, hashPlan } from '../model/plan.ts'
import { noReleases } from '../model/releases.ts'
import { type Before, type Rollout, enter, rolloutSchema } from '../model/rollout.ts'

/** How a run starts in view of what an earlier one left. */
export type Beginning =
  | { readonly kind: 'begin' }
  /** The same plan was interrupted on its way: it goes on where it stood. */
  | { readonly kind: 'resume'; readonly rollout: Rollout }
  /** Another rollout is half-way: it is brought to an end first. */
  | { readonly kind: 'finish-first'; readonly rollout: Rollout }

const nothingBefore: Before = {
  existed: true,
  image: null,
  replicas: 0,
  hash: null,
  routes: [],
  autoscaler: null,
  workload: null,
}

/** Pure: what to do with the state that is found. `at` in ms since 1970. */
export function beginning(known: Rollout | null, plan: Plan, at: number): Beginning {
  if (known === null) return { kind: 'begin' }
  const moment = { at, weight: 0 }
  const same = known.planHash === hashPlan(plan)
  switch (known.phase.kind) {
    case 'done':
      return { kind: 'begin' }
    case 'apply':
    case 'before':
    case 'install':
      // Nothing but the user's own objects was written: there is nothing to undo.
      return same ? { kind: 'resume', rollout: known } : { kind: 'begin' }
    case 'prepare':
    case 'step':
    case 'paused':
    case 'promote-traffic':
    case 'warm':
    case 'roll': {
      if (same) return { kind: 'resume', rollout: known }
      const because = `${known.plan.release} was left half-way and ${plan.release} comes instead`
      return { kind: 'finish-first', rollout: enter(known, { kind: 'revert' }, { ...moment, because }) }
    }
    case 'revert':
      return { kind: 'finish-first', rollout: known }
    case 'promote-stable':
      if (same) return { kind: 'resume', rollout: known }
      // All traffic is on the canary, and the Deployment is without: the release to return to can take its place at once.
      return plan.kind === 'rollback'
        ? { kind: 'resume', rollout: { ...known, plan, planHash: hashPlan(plan) } }
        : { kind: 'finish-first', rollout: known }
    case 'promote-return':
    case 'promote-clean':
      return same ? { kind: 'resume', rollout: known } : { kind: 'finish-first', rollout: known }
  }
}

/** The first state of a rollout. */
export function newRollout(plan: Plan, known: Rollout | null, at: number): Rollout {
  const because = `${plan.release} begins`
  return {
    schema: rolloutSchema,
    epoch: (known?.epoch ?? 0) + 1,
    plan,
    planHash: hashPlan(plan),
    phase: { kind: 'apply' },
    because,
    startedAt: at,
    before: nothingBefore,
    judgement: unjudged,
    cause: null,
    timeline: [{ at, phase: 'apply', weight: 0, because }],
    served: known?.served ?? null,
    releases: known?.releases ?? noReleases,
  }
}

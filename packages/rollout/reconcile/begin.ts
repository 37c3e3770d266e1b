import { unjudged } from '../model/judgement.ts'
import { type Plan, hashPlan } from '../model/plan.ts'
import { noReleases } from '../model/releases.ts'
import { type Baseline, type Rollout, enter, rolloutId, rolloutSchema } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'

/** How a run starts in view of what an earlier one left. */
export type Beginning =
  | { readonly kind: 'begin' }
  /** The same plan was interrupted on its way: it goes on where it stood. */
  | { readonly kind: 'resume'; readonly rollout: Rollout }
  /** Another rollout is half-way: it is brought to an end first. */
  | { readonly kind: 'finish-first'; readonly rollout: Rollout }

const nothingBefore: Baseline = {
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
  const same = known.planHash === hashPlan(plan)
  switch (factsOf(known.phase).wayBack) {
    case 'over':
      return { kind: 'begin' }
    case 'none':
      return same ? { kind: 'resume', rollout: known } : { kind: 'begin' }
    case 'revert':
      if (known.phase.kind === 'revert') return { kind: 'finish-first', rollout: known }
      return same
        ? { kind: 'resume', rollout: known }
        : { kind: 'finish-first', rollout: replaced(known, plan, at) }
    case 'forward':
      if (same) return { kind: 'resume', rollout: known }
      // All traffic is on the canary, and the Deployment is without: the release to return to can take its place at once.
      return plan.kind === 'rollback' && known.phase.kind === 'promote-stable'
        ? { kind: 'resume', rollout: withPlan(known, plan) }
        : { kind: 'finish-first', rollout: known }
  }
}

function replaced(known: Rollout, plan: Plan, at: number): Rollout {
  const because = `${known.plan.release} was left unfinished, and ${plan.release} replaces it`
  return enter(known, { kind: 'revert' }, { at, weight: 0, because })
}

/** What the earlier plan wrote does not count as written by this one. */
function withPlan(known: Rollout, plan: Plan): Rollout {
  const planHash = hashPlan(plan)
  return { ...known, plan, planHash, id: rolloutId(planHash, known.startedAt) }
}

/** The first state of a rollout. */
export function newRollout(plan: Plan, known: Rollout | null, at: number): Rollout {
  const because = `${plan.release} begins`
  const planHash = hashPlan(plan)
  return {
    schema: rolloutSchema,
    id: rolloutId(planHash, at),
    fencingToken: (known?.fencingToken ?? 0) + 1,
    plan,
    planHash,
    phase: { kind: 'apply' },
    enteredAt: at,
    judgedMs: 0,
    switchedAt: null,
    because,
    startedAt: at,
    baseline: nothingBefore,
    judgement: unjudged,
    cause: null,
    timeline: [{ at, phase: 'apply', weight: 0, because }],
    served: known?.served ?? null,
    releases: known?.releases ?? noReleases,
  }
}

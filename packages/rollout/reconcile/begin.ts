import { unjudged } from '../model/judgement.ts'
import { type Plan, hashPlan } from '../model/plan.ts'
import { noReleases } from '../model/releases.ts'
import { type Baseline, type Rollout, enter, rolloutId, rolloutSchema } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'

/** How a run starts, given the state of an earlier one. */
export type Beginning =
  | { readonly kind: 'begin' }
  /** The same plan was interrupted: it continues. */
  | { readonly kind: 'resume'; readonly rollout: Rollout }
  /** Another rollout is unfinished: it is completed first. */
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

/** Pure: how to start from a saved state. `at` in ms since 1970. */
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
      // All traffic is on the canary and none on the Deployment, so the release to return to can replace it at once.
      return plan.kind === 'rollback' && known.phase.kind === 'promote-stable'
        ? { kind: 'resume', rollout: withPlan(known, plan) }
        : { kind: 'finish-first', rollout: known }
  }
}

function replaced(known: Rollout, plan: Plan, at: number): Rollout {
  const because = `${known.plan.release} was left unfinished, and ${plan.release} replaces it`
  return enter(known, { kind: 'revert' }, { at, weight: 0, because })
}

/** Objects of the earlier plan do not count as written by this one. */
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
    ...visitedBy(known),
    cause: null,
    timeline: [{ at, phase: 'apply', weight: 0, because }],
    served: known?.served ?? null,
    releases: known?.releases ?? noReleases,
  }
}

/** As long as the judge looks back, in ms. */
const historyMs = 30 * 60_000

/** Synthetic requests are in stable's history, and do not come again by themselves. */
function visitedBy(known: Rollout | null): Pick<Rollout, 'visited'> {
  if (known === null) return {}
  const { plan, judgement, startedAt, enteredAt, visited } = known
  const sent = judgement.quiet?.taken === 'synthetic' || plan.synthetic?.some(({ rate }) => rate !== null)
  if (sent !== true) return visited === undefined ? {} : { visited }
  const isOld = visited === undefined || visited.until < startedAt - historyMs
  return { visited: { from: isOld ? startedAt : visited.from, until: enteredAt } }
}

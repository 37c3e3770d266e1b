import type { Decision } from '../../model/effects.ts'
import type { Rollout } from '../../model/rollout.ts'
import { revert } from './decision.ts'

/** The plan's API tests come first; null once they have passed, or if the plan has none. A test that could not be done is not passed. */
export function testedFirst({ plan, smoke }: Pick<Rollout, 'plan' | 'smoke'>): Decision | null {
  if (plan.smoke === undefined) return null
  if (smoke === undefined)
    return { kind: 'smoke', because: `${tests(plan.smoke.length)} against ${plan.release} alone` }
  return smoke.outcome === 'passed' ? null : revert(`${smoke.because}; no user has met ${plan.release}`)
}

const tests = (count: number) => (count === 1 ? '1 API test' : `${count} API tests`)

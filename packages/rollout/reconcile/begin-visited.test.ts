import { expect, test } from '@jest/globals'
import { plan, rollout } from '../testing/facts.ts'
import { newRollout } from './begin.ts'

const minute = 60_000
const quiet = { taken: 'synthetic', because: '', rate: 25 } as const
const sent = {
  ...rollout,
  startedAt: 10 * minute,
  enteredAt: 14 * minute,
  judgement: { ...rollout.judgement, quiet },
}

test('a rollout knows when the one before sent synthetic requests', () => {
  expect(newRollout(plan, sent, 20 * minute).visited).toEqual({ from: 10 * minute, until: 14 * minute })
  expect(newRollout(plan, rollout, 20 * minute)).not.toHaveProperty('visited')
  expect(newRollout(plan, null, 20 * minute)).not.toHaveProperty('visited')
})

test('and of the ones before it, as long as the judge looks back', () => {
  const between = { ...newRollout(plan, sent, 20 * minute), enteredAt: 22 * minute }
  expect(newRollout(plan, between, 30 * minute).visited).toEqual({ from: 10 * minute, until: 14 * minute })
  const again = { ...between, enteredAt: 24 * minute, judgement: { ...between.judgement, quiet } }
  expect(newRollout(plan, again, 30 * minute).visited).toEqual({ from: 10 * minute, until: 24 * minute })
  const late = { ...again, startedAt: 90 * minute, enteredAt: 94 * minute }
  expect(newRollout(plan, late, 99 * minute).visited).toEqual({ from: 90 * minute, until: 94 * minute })
})

import { describe, expect, test } from '@jest/globals'
import { rollout } from '../testing/facts.ts'
import type { Phase } from './phase.ts'
import { enter, judgedMsAt, type Rollout } from './rollout.ts'

const entered = (...phases: readonly (readonly [at: number, phase: Phase])[]): Rollout =>
  phases.reduce((known, [at, phase]) => enter(known, phase, { at, weight: 0, because: '' }), rollout)
const step = (index: number): Phase => ({ kind: 'step', index, weight: 10 })

describe('the clocks of a rollout', () => {
  test('time in pauses is no time of judgement', () => {
    const known = entered(
      [0, { kind: 'prepare' }],
      [10, step(0)],
      [30, { kind: 'paused', at: 0 }],
      [1000, step(1)],
    )
    expect(judgedMsAt(known, 1005)).toBe(25)
  })

  test('no step is forgotten, however long the timeline gets', () => {
    const steps = Array.from({ length: 200 }, (_, i) => [i * 10, step(i)] as const)
    expect(judgedMsAt(entered(...steps), 2000)).toBe(2000)
  })

  test('all traffic has moved from the order on until it is confirmed', () => {
    const known = entered([100, { kind: 'promote-traffic' }], [250, { kind: 'warm' }])
    expect(known.switchedAt).toEqual({ begun: 100, done: 250 })
    expect(entered([100, { kind: 'promote-traffic' }]).switchedAt).toBeNull()
  })
})

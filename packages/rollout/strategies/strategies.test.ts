import { describe, expect, test } from '@jest/globals'
import type { Phase } from '../model/phase.ts'
import { plan } from '../testing/facts.ts'
import { isBeingJudged, isJudgedLater, isWatched } from './judged.ts'
import { strategies, strategyNames } from './strategies.ts'

describe('the table of strategies', () => {
  test('is the list of the strategies that an input can name', () => {
    expect(strategyNames).toEqual(['canary', 'blue-green', 'rolling'])
  })

  test.each(Object.entries(strategies))('agrees with itself: %s', (_name, facts) => {
    const isByUpdate = facts.traffic === 'by-update'
    expect(facts.hasSecondVersion).toBe(!isByUpdate)
    expect(facts.router === 'none').toBe(isByUpdate)
    expect(facts.pauses === 'at-steps').toBe(facts.traffic === 'in-steps')
  })
})

const step: Phase = { kind: 'step', index: 0, weight: 10 }
const warm: Phase = { kind: 'warm' }
const pausedAt = (at: number | 'preview' | 'warm'): Phase => ({ kind: 'paused', at })

describe('who is judged', () => {
  test.each([
    ['canary', step, true],
    ['canary', warm, false],
    ['canary', { kind: 'prepare' }, false],
    ['blue-green', warm, true],
    ['blue-green', { kind: 'promote-traffic' }, false],
    ['rolling', { kind: 'roll' }, false],
  ] as const)('now: %s in %j: %s', (strategy, phase, judged) => {
    expect(isBeingJudged({ plan: { ...plan, strategy }, phase })).toBe(judged)
  })

  test('a rollback is not: its version was judged when it was promoted', () => {
    const back = { ...plan, kind: 'rollback', strategy: 'blue-green' } as const
    expect(isBeingJudged({ plan: back, phase: warm })).toBe(false)
  })

  test.each([
    ['canary', pausedAt('preview'), true],
    ['canary', pausedAt(0), true],
    ['canary', pausedAt(1), false],
    ['canary', pausedAt('warm'), false],
    ['canary', step, false],
    ['blue-green', pausedAt('preview'), true],
    ['blue-green', pausedAt('warm'), false],
  ] as const)('later: %s in %j: %s', (strategy, phase, judged) => {
    expect(isJudgedLater({ plan: { ...plan, strategy }, phase })).toBe(judged)
  })

  test('after its last step a canary is watched, for as long as stable stays warm', () => {
    const kept = { ...plan, rollbackWindowMs: 60_000 }
    expect(isJudgedLater({ plan: kept, phase: pausedAt(1) })).toBe(true)
    expect(isWatched(kept)).toBe(true)
    expect(isWatched(plan)).toBe(false)
    expect(isWatched({ ...kept, strategy: 'blue-green' })).toBe(false)
    expect(isWatched({ ...kept, kind: 'rollback' })).toBe(false)
  })
})

import { describe, expect, test } from '@jest/globals'
import { nextStep, type Trial } from './search.ts'

const bounds = { startRate: 10, mostRate: 1000 }

function searching(outcomeOf: (rate: number) => Trial['outcome'], given = bounds) {
  const trials: Trial[] = []
  for (;;) {
    const step = nextStep(trials, given)
    if (step.kind === 'found') return { ...step, rates: trials.map(({ rate }) => rate) }
    trials.push({ rate: step.rate, outcome: outcomeOf(step.rate) })
  }
}

describe('the search for the highest rate', () => {
  test.each([0.5, 3, 10, 11, 47, 100, 333, 999])(
    'finds %d within five percent, in twelve trials',
    (capacity) => {
      const { rate, end, rates } = searching((tried) => (tried <= capacity ? 'held' : 'exceeded'))
      expect(end).toBe('system')
      expect(rate).toBeLessThanOrEqual(capacity)
      expect(rate).toBeGreaterThanOrEqual(capacity / 1.06)
      expect(rates.length).toBeLessThanOrEqual(12)
    },
  )

  test('doubles first, so that a small system is not met with a large load', () => {
    const { rates } = searching((tried) => (tried <= 47 ? 'held' : 'exceeded'))
    expect(rates.slice(0, 4)).toEqual([10, 20, 40, 80])
    expect(Math.max(...rates)).toBe(80)
  })

  test('never exceeds its bound, and says that it is the end', () => {
    const { rate, end, rates } = searching(() => 'held', { startRate: 30, mostRate: 100 })
    expect([rate, end, rates]).toEqual([100, 'bound', [30, 60, 100]])
    expect(searching(() => 'held', { startRate: 500, mostRate: 100 }).rates).toEqual([100])
  })

  test('gives up on a system that bears nothing', () => {
    const { rate, end, rates } = searching(() => 'exceeded')
    expect([rate, end]).toEqual([null, 'system'])
    expect(rates.at(-1)).toBeGreaterThan(0.3)
  })

  test('says where this runner is the end, not the system', () => {
    const { rate, end } = searching((tried) => (tried <= 90 ? 'held' : 'not-sent'))
    expect(end).toBe('runner')
    expect(rate).toBeGreaterThan(85)
  })
})

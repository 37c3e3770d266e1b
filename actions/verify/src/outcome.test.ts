import { describe, expect, test } from '@jest/globals'
import type { Check } from './check.ts'
import { completed, conclude } from './outcome.ts'

const check = (overrides: Partial<Check> = {}): Check => ({
  kind: 'api',
  name: 'home',
  outcome: 'passed',
  because: 'GET / answered 200',
  ms: 5,
  ...overrides,
})
const inputs = { url: new URL('https://shop.example'), namespace: null }
const concluding = (...checks: readonly Check[]) =>
  conclude(
    { checks, load: null, bottleneck: null, capacity: null, uncovered: null, junit: '/junit.xml' },
    inputs,
  )

const missing = {
  outcome: 'failed',
  because: 'asked for, but no check ran',
  cause: 'outside',
  ms: 0,
} as const

describe('the plan beside the results', () => {
  test('a kind without any result is failed by name', () => {
    expect(completed(['health', 'api', 'load'], [check()])).toEqual([
      check(),
      { ...missing, kind: 'health', name: 'health' },
      { ...missing, kind: 'load', name: 'load' },
    ])
  })

  test('a kind that was not asked for is not missed', () => {
    expect(completed(['api'], [check()])).toEqual([check()])
  })
})

describe('the conclusion', () => {
  test('passes where every check passed', () => {
    expect(concluding(check(), check({ kind: 'health' }))).toMatchObject({
      kind: 'passed',
      because: 'all 2 checks passed (1 of api, 1 of health)',
      subject: { target: 'shop.example' },
    })
  })

  test('refuses with one "no", and names three at most', () => {
    const no = check({ outcome: 'refused', because: 'no' })
    expect(concluding(no, no, no, no, check())).toMatchObject({
      kind: 'refused',
      because: '4 of 5 checks were refused: home: no; home: no; home: no; and 1 more',
    })
  })

  test('is a failure where anything is unknown, and names the refusals too', () => {
    const unknown = check({ outcome: 'failed', because: 'no route' })
    const no = check({ name: 'orders', outcome: 'refused', because: 'no' })
    expect(() => concluding(unknown, no)).toThrow(
      expect.objectContaining({
        code: 'checks-not-done',
        message: '1 of 2 checks could not be done: home: no route; 1 of 2 checks were refused: orders: no',
      }),
    )
  })
})

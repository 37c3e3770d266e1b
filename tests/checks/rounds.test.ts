import { describe, expect, test } from '@jest/globals'
import type { Check, Round, Verdict } from './check.ts'
import { checks, chosen, core, foundation, long } from './plans.ts'
import { playRounds, type RoundOptions } from './rounds.ts'

const check = (name: string): Check => ({
  ...{ name, part: 'e2e', title: `${name} holds`, args: [], minutes: 1, needsLab: false },
})

async function played(rounds: readonly Round[], more: Partial<RoundOptions> = {}) {
  const begun: string[] = []
  const verdicts = await playRounds(rounds, {
    checks: rounds.flat(2).map(check),
    kept: new Map(),
    foundation: 'base',
    hasTime: () => true,
    play: (one) => {
      begun.push(one.name)
      return Promise.resolve(verdictOf(one, one.name.startsWith('bad') ? 'failed' : 'passed'))
    },
    ended: () => undefined,
    ...more,
  })
  return { begun, kinds: Object.fromEntries(verdicts.map(({ check, kind }) => [check.name, kind])) }
}

const verdictOf = (one: Check, kind: 'passed' | 'failed'): Verdict => ({
  ...{ check: one, kind, seconds: 1, passed: Number(kind === 'passed'), failed: Number(kind === 'failed') },
})

describe('the rounds', () => {
  test('go on after a check that fails', async () => {
    const { kinds } = await played([[['bad']], [['good']]])
    expect(kinds).toEqual({ bad: 'failed', good: 'passed' })
  })

  test('begin nothing after the foundation has failed', async () => {
    const { begun, kinds } = await played([[['bad']], [['good']]], { foundation: 'bad' })
    expect(begun).toEqual(['bad'])
    expect(kinds['good']).toBe('skipped')
  })

  test('begin nothing when there is no time left', async () => {
    const { begun, kinds } = await played([[['good']]], { hasTime: () => false })
    expect({ begun, kinds }).toEqual({ begun: [], kinds: { good: 'skipped' } })
  })

  test('do not run again what has passed before', async () => {
    const { begun, kinds } = await played([[['good']], [['other']]], { kept: new Map([['good', 7]]) })
    expect({ begun, kinds }).toEqual({ begun: ['other'], kinds: { good: 'kept', other: 'passed' } })
  })

  test('play their lanes side by side, and a lane in its order', async () => {
    const { begun } = await played([[['one', 'two'], ['beside']]])
    expect(begun).toEqual(['one', 'beside', 'two'])
  })
})

describe('what failed is played again', () => {
  /** Each name fails as often as it says: `flaky1` once. */
  const stumbling = (begun: string[]): RoundOptions['play'] => {
    const left = new Map<string, number>()
    return (one) => {
      begun.push(one.name)
      const failures = left.get(one.name) ?? Number(/\d+$/.exec(one.name)?.[0] ?? 0)
      left.set(one.name, failures - 1)
      return Promise.resolve(verdictOf(one, failures > 0 ? 'failed' : 'passed'))
    }
  }

  test('once, by itself, after all others; and is called unsteady where it passes', async () => {
    const begun: string[] = []
    const rounds = [[['base']], [['once1'], ['good']], [['twice2']]]
    const { kinds } = await played(rounds, { again: true, play: stumbling(begun) })
    expect(begun).toEqual(['base', 'once1', 'good', 'twice2', 'once1', 'twice2'])
    expect(kinds).toEqual({ base: 'passed', once1: 'unsteady', good: 'passed', twice2: 'failed' })
  })

  test('not where it was not asked for, nor without time, nor without the foundation', async () => {
    const rounds = [[['once1']]]
    const kindOf = async (more: Partial<RoundOptions>) =>
      (await played(rounds, { play: stumbling([]), ...more })).kinds['once1']
    let looks = 0
    expect(await kindOf({})).toBe('failed')
    expect(await kindOf({ again: true, hasTime: () => (looks += 1) === 1 })).toBe('failed')
    expect(await kindOf({ again: true, foundation: 'once1' })).toBe('failed')
  })
})

describe('the plans', () => {
  test('name every check once', () => {
    expect(long.flat(2).toSorted()).toEqual(checks.map(({ name }) => name).toSorted())
  })

  test('begin with what all others stand on', () => {
    expect([core, long].map((rounds) => rounds[0])).toEqual([[[foundation]], [[foundation]]])
  })

  test('keep their order where only some are asked for', () => {
    const names = ['killed-runner', 'healthy-release', 'service-repository']
    expect(chosen(core, names)).toEqual([[['healthy-release']], [['service-repository'], ['killed-runner']]])
  })

  test('ask no more of CI than its deadline allows', () => {
    const usual = core.map((lanes) =>
      Math.max(...lanes.map((lane) => lane.reduce((sum, name) => sum + minutesOf(name), 0))),
    )
    expect(usual.reduce((sum, minutes) => sum + minutes, 0)).toBeLessThanOrEqual(75)
  })
})

const minutesOf = (name: string) => checks.find((one) => one.name === name)?.minutes ?? NaN

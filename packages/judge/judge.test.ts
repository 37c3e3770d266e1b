import { describe, expect, test } from '@jest/globals'
import { begin, judge, type Block, type Settings, type State, type Verdict } from './index.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  horizon: 360,
  latencyMargin: 1.1,
  bake: 0,
  dispersion: 1,
  expectTraffic: true,
  weights: { kind: 'fixed', proof: 0.5 },
}
const block = (
  canary: readonly [number, number],
  stable: readonly [number, number],
  more: Partial<Block> = {},
): Block => ({
  from: 0,
  to: 5000,
  canary: { requests: canary[0], errors: canary[1] },
  stable: { requests: stable[0], errors: stable[1] },
  weight: 0.1,
  ...more,
})

function play(
  blocks: readonly Block[],
  more: Partial<Settings> = {},
): { state: State; verdicts: readonly Verdict[] } {
  let state = begin({ ...settings, ...more })
  const verdicts = blocks.map((one) => {
    const answer = judge(state, one)
    state = answer.state
    return answer.verdict
  })
  return { state, verdicts }
}

describe('judge', () => {
  test('a canary that fails a fifth of its requests is rolled back within a few blocks, with both rates in the sentence', () => {
    const bad = block([50, 10], [450, 1])
    const { verdicts } = play([bad, bad, bad])
    const last = verdicts.find(({ kind }) => kind === 'roll-back')
    expect(last).toMatchObject({ kind: 'roll-back', cause: 'errors' })
    expect(last?.because).toMatch(
      /^canary fails 20 % of requests \(\d+ of \d+\), stable 0.22 % \(\d of \d+\) at the same time; this or worse would occur in fewer than 1 of 100 rollouts of an equal version$/,
    )
  })

  test('the sentences call the versions by the names that they have been given', () => {
    const names = { canary: 'green', stable: 'blue', when: 'before the switch' }
    const sentences = (one: Block) => play([one, one, one], { names }).verdicts.map(({ because }) => because)
    expect(sentences(block([50, 10], [450, 1])).at(-1)).toMatch(
      /^green fails 20 % of requests \(.*\), blue 0.22 % \(.*\) before the switch; this or worse/,
    )
    expect(sentences(block([50, 0], [0, 0]))[0]).toBe(
      'no blue request has been measured before the switch yet',
    )
    expect(sentences(block([50, 0], [450, 0])).join()).not.toMatch(/canary|stable|same time/)
  })

  test('a shared incident causes no rollback', () => {
    const incident = block([50, 20], [450, 180])
    const { verdicts } = play(Array.from({ length: 60 }, () => incident))
    expect(verdicts.map(({ kind }) => kind)).not.toContain('roll-back')
  })

  test('no single block decides alone, and suspicion holds the weight', () => {
    const { verdicts } = play([block([50, 5], [450, 1])])
    expect(verdicts[0]?.kind).not.toBe('roll-back')
    const { verdicts: two } = play([block([50, 2], [450, 1]), block([50, 2], [450, 1])])
    expect(two.map(({ kind }) => kind)).toEqual(['continue', 'hold'])
  })

  test('a better canary is never held against itself', () => {
    const { verdicts } = play(Array.from({ length: 40 }, () => block([50, 0], [450, 90])))
    expect(verdicts.every(({ kind }) => kind === 'continue')).toBe(true)
  })

  test('a hung canary shows no errors, and is rolled back for the requests that never came back', () => {
    const { verdicts } = play(Array.from({ length: 5 }, () => block([1, 0], [450, 0])))
    expect(verdicts.at(-1)).toMatchObject({ kind: 'roll-back', cause: 'traffic' })
    expect(verdicts.at(-1)?.because).toContain('canary finished 5 requests, expected about 250 by its weight')
  })

  test('a canary that begins to hang later is found too', () => {
    const well = Array.from({ length: 40 }, () => block([50, 0], [450, 0]))
    const hung = Array.from({ length: 10 }, () => block([0, 0], [450, 0]))
    const kinds = play([...well, ...hung]).verdicts.map(({ kind }) => kind)
    expect(kinds.slice(0, 40)).not.toContain('roll-back')
    expect(kinds.slice(40)).toContain('roll-back')
  })

  test('missing requests mean nothing where no router splits by weight, or the weight changed within the block', () => {
    const few = Array.from({ length: 60 }, () => block([1, 0], [450, 0]))
    expect(play(few, { expectTraffic: false }).verdicts.at(-1)?.kind).toBe('continue')
    const changing = few.map((one) => ({ ...one, weight: null }))
    expect(play(changing).verdicts.at(-1)?.kind).toBe('continue')
  })

  test('blocks in which one version had no request are not tested', () => {
    const { state, verdicts } = play([
      block([0, 0], [450, 9], { weight: 0 }),
      block([50, 9], [0, 0], { weight: 1 }),
    ])
    expect(state.errors.tested).toBe(0)
    expect(verdicts[0]?.because).toBe('no canary request has been measured yet')
  })

  test('the state survives a restart in the middle bit by bit, and does not grow', () => {
    const blocks = Array.from({ length: 30 }, (_, i) => block([40 + (i % 7), i % 3], [400 + i, i % 5]))
    const whole = play(blocks).state
    let state = begin(settings)
    for (const one of blocks) state = JSON.parse(JSON.stringify(judge(state, one).state)) as State
    expect(state).toEqual(whole)
    expect(JSON.stringify(state).length).toBeLessThan(4000)
  })

  test.each([
    [{ canary: { requests: NaN, errors: 0 } }, 'canary requests is NaN, expected a count'],
    [{ stable: { requests: 1, errors: -1 } }, 'stable errors is -1, expected a count'],
    [{ canary: { requests: 1, errors: 2 } }, 'canary errors are 2, expected at most its 1 requests'],
    [{ stable: { requests: Infinity, errors: 0 } }, 'stable requests is Infinity'],
    [{ weight: 1.5 }, 'weight is 1.5'],
    [{ to: -1 }, 'the end is before the start'],
    [
      { canary: { requests: 1, errors: 0, latency: { bounds: [1], counts: [1] } } },
      'canary has 1 latency counts, expected 2',
    ],
  ])('%j is refused by name', (wrong, why) => {
    expect(() => judge(begin(settings), block([1, 0], [1, 0], wrong as Partial<Block>))).toThrow(why)
  })

  test.each([
    [{ risk: 0 }, 'risk is 0'],
    [{ errorMargin: 0.5 }, 'errorMargin is 0.5'],
    [{ horizon: 0 }, 'horizon is 0'],
    [{ dispersion: NaN }, 'dispersion is NaN'],
  ])('settings %j are refused', (wrong, why) => {
    expect(() => begin({ ...settings, ...wrong })).toThrow(why)
  })
})

import { describe, expect, test } from '@jest/globals'
import { formatSteps, parseSteps, pauseAt } from './steps.ts'

describe('steps', () => {
  test.each([
    [
      '10%:30s, 50%:2m',
      [
        [10, 30_000],
        [50, 120_000],
      ],
    ],
    [
      '0.1%:1m\n5%',
      [
        [0.1, 60_000],
        [5, 30_000],
      ],
    ],
    ['99.9%:0s', [[99.9, 0]]],
  ])('%j is read', (raw, expected) => {
    expect(parseSteps(raw).steps.map(({ weight, holdMs }) => [weight, holdMs])).toEqual(expected)
  })

  test.each([
    ['', 'got no step'],
    ['abc', 'got "abc"'],
    ['10', 'got "10"'],
    ['NaN%', 'got "NaN%"'],
    ['10%:5', 'got "10%:5"'],
    ['10%:', 'got "10%:"'],
    ['0%', 'between 0.1% and 99.9%'],
    ['100%', 'promotion takes the last one to 100%'],
    ['0.15%', 'got "0.15%"'],
    ['10%, 10%', 'got 10% after 10%'],
    ['pause', 'got no weight'],
    ['10%, pause, pause', 'two pauses'],
    [Array.from({ length: 21 }, (_, i) => `${String(i + 1)}%`).join(','), 'at most 20'],
  ])('%j is refused', (raw, why) => {
    expect(() => parseSteps(raw)).toThrow(why)
  })

  test.each([
    ['', false, [false, false]],
    ['preview', true, [false, false]],
    ['50%', false, [false, true]],
  ])('pause-at %j', (raw, preview, pauses) => {
    const { pauseAtPreview, steps } = pauseAt(raw, parseSteps('10%, 50%'))
    expect([pauseAtPreview, steps.map((step) => step.pause === true)]).toEqual([preview, pauses])
  })

  test('a pause that no step has is refused', () => {
    expect(() => pauseAt('25%', parseSteps('10%, 50%'))).toThrow('one of the steps: 10%, 50%')
  })

  test('they are written as they are read', () => {
    expect(formatSteps(parseSteps('10%:30s,pause,50%:2m').steps)).toBe('10%:30s, pause, 50%:2m00s')
  })
})

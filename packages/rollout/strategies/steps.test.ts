import { describe, expect, test } from '@jest/globals'
import { type Steps, formatSteps, parseSteps, pauseAt } from './steps.ts'

const fixed = ({ steps }: Steps) => (steps === 'auto' ? [] : steps)

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
    expect(fixed(parseSteps(raw)).map(({ weight, holdMs }) => [weight, holdMs])).toEqual(expected)
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
    [Array.from({ length: 21 }, (_, i) => `${i + 1}%`).join(','), 'at most 20'],
  ])('%j is refused', (raw, why) => {
    expect(() => parseSteps(raw)).toThrow(why)
  })

  test.each([
    ['', false, [false, false]],
    ['preview', true, [false, false]],
    ['50%', false, [false, true]],
  ])('pause-at %j', (raw, preview, pauses) => {
    const found = pauseAt(raw, parseSteps('10%, 50%'))
    expect([found.pauseAtPreview, fixed(found).map((step) => step.pause === true)]).toEqual([preview, pauses])
  })

  test('a pause that no step has is refused', () => {
    expect(() => pauseAt('25%', parseSteps('10%, 50%'))).toThrow('one of the steps: 10%, 50%')
  })

  test('the adaptive ramp is a word, and pauses before its first weight only', () => {
    expect(parseSteps(' auto ').steps).toBe('auto')
    expect(pauseAt('preview', parseSteps('auto'))).toEqual({ pauseAtPreview: true, steps: 'auto' })
    expect(() => pauseAt('25%', parseSteps('auto'))).toThrow('got "25%", expected preview')
  })

  test('they are written as they are read', () => {
    expect(formatSteps(fixed(parseSteps('10%:30s,pause,50%:2m')))).toBe('10%:30s, pause, 50%:2m00s')
  })
})

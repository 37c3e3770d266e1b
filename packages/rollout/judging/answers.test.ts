import { describe, expect, test } from '@jest/globals'
import { unjudged } from '../model/judgement.ts'
import type { AnsweredBlock } from '../model/metrics.ts'
import { otherAnswers, withAnswers } from './answers.ts'

const arm = (requests: number, rejects: number, redirects = 0) => ({
  requests,
  errors: 0,
  rejects,
  redirects,
})
const block = (canary: object, stable: object) =>
  ({ from: 0, to: 5000, weight: null, canary, stable }) as unknown as AnsweredBlock
const after = (...blocks: readonly AnsweredBlock[]) => blocks.reduce(withAnswers, unjudged)

describe('answers of another kind', () => {
  test.each([
    [
      '404 to everything',
      arm(100, 100),
      arm(900, 0),
      'the canary answers 100 % of 100 requests with 4xx, stable 0 % of 900',
    ],
    [
      'a redirect of nearly everything',
      arm(200, 0, 190),
      arm(900, 9, 9),
      'the canary answers 95 % of 200 requests with 3xx, stable 1 % of 900',
    ],
    ['too few to know', arm(20, 20), arm(900, 0), null],
    ['more of them, and not drastically', arm(1000, 400), arm(900, 9), null],
    ['what stable does too', arm(1000, 900), arm(900, 800), null],
    ['no traffic of stable to compare with', arm(1000, 1000), arm(0, 0), null],
    ['no status known', { requests: 100, errors: 0 }, { requests: 100, errors: 0 }, null],
  ])('%s', (_name, canary, stable, expected) => {
    expect(otherAnswers(after(block(canary, stable)))).toBe(expected)
  })

  test('are added up over blocks in which the canary has traffic', () => {
    const all = after(
      block(arm(0, 0), arm(500, 500)),
      block(arm(60, 60), arm(500, 0)),
      block(arm(60, 60), arm(500, 5)),
    )
    expect(all.answers).toEqual({
      canary: { requests: 120, redirects: 0, rejects: 120 },
      stable: { requests: 1000, redirects: 0, rejects: 5 },
    })
  })
})

import { describe, expect, test } from '@jest/globals'
import {
  begin,
  beginComparison,
  beginWatch,
  judge,
  suspicionOf,
  watch,
  type Arm,
  type Block,
  type Settings,
  type State,
  type Watch,
} from '../index.ts'
import { lateErrorTerms, lateTrafficTerms } from './terms.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 60_000,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.01, reaction: 10_000 },
}
const bounds = [0.05, 0.1, 0.25, 0.5]
/** A thousand answers, of which so many fail and so many are slow. */
const arm = (errors = 1, slow = 5, requests = 1000): Arm => {
  const spread = [0.6, 0.3, 0.1 - slow / 1000, slow / 2000, slow / 2000].map((part) =>
    Math.round(part * requests),
  )
  return { requests, errors, latency: { bounds, counts: spread } }
}
const none: Arm = { requests: 0, errors: 0, latency: { bounds, counts: [0, 0, 0, 0, 0] } }
const block = (i: number, canary: Arm, stable: Arm, weight: number | null = 1): Block => ({
  from: i * 5000,
  to: (i + 1) * 5000,
  canary,
  stable,
  weight,
})

/** After a ramp at half of the traffic each. */
function switched(more: Partial<Settings> = {}): State {
  const history = Array.from({ length: 100 }, (_, i) => block(i - 100, none, arm(), 0))
  return Array.from({ length: 20 }).reduce<State>(
    (state, _, i) => judge(state, block(i, arm(), arm(), 0.5)).state,
    begin({ ...settings, ...more }, history),
  )
}

const watched = (blocks: readonly Arm[], state = switched()): Watch =>
  blocks.reduce((known, canary, i) => watch(known, block(i, canary, none)), beginWatch(state, 120))
const calm = Array.from({ length: 80 }, () => arm())

describe('the watch over one version', () => {
  test('is calm as long as the version behaves as it always did', () => {
    const { kind, because } = suspicionOf(watched(calm))
    expect(kind).toBe('calm')
    expect(because).toMatch(/^it fails 0.10 % of requests \(80 of 80000\), 0.10 % are usual$/)
  })

  test.each([
    ['errors', arm(50), /^it fails 4.2 % of requests .*, 0.1 % are usual$|^it fails 5 % of requests/],
    ['latency', arm(1, 80), /% of its answers take longer than 250 ms, 0.\d+ % are usual$/],
  ])('a fault after a long calm is suspected after its first block: %s', (_name, ill, because) => {
    const seen = suspicionOf(watched([...calm, ill]))
    expect(seen.kind).toBe('suspected')
    expect(seen.because).toMatch(because)
  })

  test('a version that hangs is suspected by the requests that it does not finish', () => {
    const seen = suspicionOf(watched([...calm, none, none, none]))
    expect(seen.kind).toBe('suspected')
    expect(seen.because).toMatch(/^it finished \d+ requests, about \d+ are usual$/)
  })

  test('one counter that began again is no hang', () => {
    expect(suspicionOf(watched([...calm, none])).kind).not.toBe('suspected')
  })

  test('where requests do not follow the traffic, their number says nothing', () => {
    const state = switched({ expectTraffic: false })
    expect(suspicionOf(watched([...calm, none, none, none], state)).kind).toBe('calm')
  })

  test('errors that grow slowly with the time of the day are usual soon', () => {
    const day = Array.from({ length: 120 }, (_, i) => arm(Math.round(1 + (2 * i) / 120)))
    expect(suspicionOf(watched(day)).kind).toBe('calm')
  })

  test('is JSON: written and read again it goes on the same', () => {
    const before = watched(calm.slice(0, 10))
    const read = JSON.parse(JSON.stringify(before)) as Watch
    expect(watch(read, block(10, arm(9), none))).toEqual(watch(before, block(10, arm(9), none)))
    expect(JSON.stringify(before).length).toBeLessThan(24_000)
  })
})

describe('the terms of the watch', () => {
  const binomial = (n: number, p: number, value: (x: number) => number): number => {
    let [total, chance] = [0, (1 - p) ** n]
    for (let x = 0; x <= n; x += 1) {
      total += chance * value(x)
      chance *= ((n - x) / (x + 1)) * (p / (1 - p))
    }
    return total
  }

  test.each([0.0001, 0.01, 0.2])('errors: no e-value expects more than 1 at a usual rate of %s', (rate) => {
    for (let k = 0; k < 7; k += 1) {
      const mean = binomial(50, rate, (errors) =>
        Math.exp(lateErrorTerms({ requests: 50, errors }, { rate, phi: 1 })?.[k] ?? NaN),
      )
      expect(mean).toBeLessThanOrEqual(1 + 1e-9)
    }
  })

  test('traffic: half of the requests is no evidence of a hang, none is', () => {
    expect(Math.max(...(lateTrafficTerms(50, 100) ?? []))).toBeLessThan(0)
    expect(Math.min(...(lateTrafficTerms(0, 100) ?? []))).toBeGreaterThan(10)
    expect(lateTrafficTerms(0, 0)).toBeNull()
  })
})

describe('the comparison after a suspicion', () => {
  const compared = (ill: Arm, other: Arm, attempt = 1) => {
    let state = beginComparison(switched(), { attempt, risk: 0.01, horizon: 120 })
    for (let i = 0; i < 120; i += 1) {
      const answer = judge(state, block(i, ill, other, 0.5))
      state = answer.state
      if (answer.verdict.kind !== 'continue' && answer.verdict.kind !== 'hold')
        return { kind: answer.verdict.kind, blocks: i + 1 }
    }
    return { kind: 'none', blocks: 120 }
  }

  test('tells a fault from an incident of both', () => {
    expect(compared(arm(1000, 5), arm())).toEqual({ kind: 'roll-back', blocks: 2 })
    expect(compared(arm(50), arm()).kind).toBe('roll-back')
    expect(compared(arm(200), arm(200)).kind).toBe('ready')
    expect(compared(arm(), arm()).kind).toBe('ready')
  })

  test('has the same risk as the ramp, for all comparisons of a rollout together', () => {
    const risks = [1, 2, 3].map(
      (attempt) => beginComparison(switched(), { attempt, risk: 0.01, horizon: 120 }).settings.risk,
    )
    expect(risks.reduce((sum, risk) => sum + risk, 0)).toBeLessThan(0.01)
    expect(risks[0]).toBeCloseTo(0.009, 12)
  })
})

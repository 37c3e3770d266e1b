import { describe, expect, test } from '@jest/globals'
import { begin, type Block, type Settings } from '../index.ts'

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
const none = { requests: 0, errors: 0 }
const past: Block = { from: 0, to: 5000, weight: 0, canary: none, stable: none }

describe('settings', () => {
  test.each([
    [{ latencyMargin: 0.9 }, 'latencyMargin is 0.9, expected at least 1'],
    [{ bake: -1 }, 'bake is -1'],
    [{ weights: { kind: 'auto', least: 0.7, reaction: 1 } }, 'least weight is 0.7'],
    [{ weights: { kind: 'auto', least: 0.01, reaction: NaN } }, 'reaction is NaN'],
    [{ weights: { kind: 'fixed', proof: 0 } }, 'proof weight is 0, expected above 0, up to 0.5'],
    [{ weights: { kind: 'fixed', proof: 0.9 } }, 'proof weight is 0.9'],
  ] as const)('%j are refused', (wrong, why) => {
    expect(() => begin({ ...settings, ...wrong })).toThrow(why)
  })

  test('a history that holds no counts is refused', () => {
    const wrong = { ...past, stable: { requests: 5, errors: NaN } }
    expect(() => begin(settings, [wrong])).toThrow('stable errors is NaN, expected a count')
  })

  test('buckets that are wider than the tolerance are said to be too coarse', () => {
    const arm = { requests: 100, errors: 0, latency: { bounds: [0.5], counts: [90, 10] } }
    const state = begin(settings, [{ ...past, stable: arm }])
    expect(state.latency.kind).toBe('coarse')
  })
})

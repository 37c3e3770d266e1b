import { describe, expect, test } from '@jest/globals'
import type { Block } from '../input/block.ts'
import { begin, type Settings } from '../index.ts'
import { rateOf } from '../evidence/non-inferiority.ts'
import { alike } from './regime.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 0,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.01, reaction: 10_000 },
}
const blocks = (many: number, requests: number, errors: number) =>
  Array.from({ length: many }, (_, i) => ({ requests, errors: errors + (i % 2) }))

describe('of a history, alike are', () => {
  test('all blocks where it is calm, and where it drifts a little', () => {
    expect(alike(blocks(360, 250, 1), 1)).toBe(360)
    expect(alike([...blocks(180, 25_000, 25), ...blocks(180, 25_000, 40)], 1)).toBe(360)
    expect(alike([], 1)).toBe(0)
    expect(alike(blocks(1, 10, 1), 1)).toBe(1)
  })

  test('those since an incident ended, or since one began', () => {
    const [calm, bad] = [blocks(100, 250, 0), blocks(260, 250, 60)]
    expect(alike([...bad, ...calm], 1)).toBe(60)
    expect(alike([...bad, ...blocks(2, 250, 0)], 1)).toBe(2)
    expect(alike([...calm, ...blocks(12, 250, 60)], 1)).toBe(12)
  })

  test('all, if the traffic is too low or always varied as much', () => {
    expect(alike([...blocks(358, 5, 0), { requests: 5, errors: 1 }, { requests: 5, errors: 1 }], 1)).toBe(360)
    expect(alike([...blocks(354, 250, 3), ...blocks(6, 250, 14)], 1)).toBe(6)
    expect(alike([...blocks(354, 250, 3), ...blocks(6, 250, 14)], 20)).toBe(360)
  })
})

test("after an incident stable's rate and latencies are those of now, not of the half hour", () => {
  const bounds = [0.05, 0.1, 0.25]
  const at = (i: number): Block => {
    const [errors, counts] = i < 300 ? [100, [20, 30, 100, 100]] : [i % 2, [150, 70, 20, 10]]
    const stable = { requests: 250, errors, latency: { bounds, counts } }
    return { from: 5000 * i, to: 5000 * (i + 1), weight: 0, canary: { requests: 0, errors: 0 }, stable }
  }
  const state = begin(
    settings,
    Array.from({ length: 360 }, (_, i) => at(i)),
  )
  expect(rateOf(state.rate)).toBeLessThan(0.003)
  expect(state.latency.reference?.q[3]).toBeCloseTo(0.04, 3)
})

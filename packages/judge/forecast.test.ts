import { describe, expect, test } from '@jest/globals'
import { forecast, type Block, type Settings } from './index.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 300_000,
  dispersion: null,
  expectTraffic: true,
  weights: { kind: 'auto', least: 0.01, reaction: 10_000 },
}

function historyAt(rps: number): readonly Block[] {
  const requests = rps * 5
  const counts = [0.4, 0.3, 0.2, 0.1].map((share) => share * requests)
  return Array.from({ length: 360 }, (_, i) => ({
    from: 5000 * i,
    to: 5000 * (i + 1),
    weight: 0,
    canary: { requests: 0, errors: 0 },
    stable: {
      requests,
      errors: requests / 1000,
      latency: { bounds: [0.1, 0.2, 0.4], counts },
    },
  }))
}

describe('forecast', () => {
  test('of a busy service: a proof within two minutes, faults found the faster the worse they are', () => {
    const { requestsPerSecond, proof, faults } = forecast(settings, historyAt(500), 5000)
    expect(requestsPerSecond).toBe(500)
    expect(proof?.seconds).toBeGreaterThan(30)
    expect(proof?.seconds).toBeLessThan(120)
    const seconds = faults.map(({ cost }) => cost?.seconds ?? NaN)
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other))
    expect(faults[0]).toMatchObject({ excess: 1, cost: { seconds: 10, failed: 50 } })
  })

  test('of a quiet service: the proof takes longer, or is out of reach', () => {
    const quiet = forecast(settings, historyAt(5), 5000).proof?.seconds ?? NaN
    expect(quiet).toBeGreaterThan(200)
    expect(quiet).toBeLessThan(900)
    expect(forecast(settings, historyAt(0.2), 5000).proof).toBeNull()
  })

  test('without traffic promises nothing', () => {
    expect(forecast(settings, [], 5000)).toMatchObject({ requestsPerSecond: 0, proof: null })
  })
})

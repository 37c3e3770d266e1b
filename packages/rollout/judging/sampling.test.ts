import { describe, expect, test } from '@jest/globals'
import { noSampling } from '../model/judgement.ts'
import { addSample, sampled, whyOff } from './sampling.ts'

const counts = (canary: number, stable: number) => ({
  canary: { requests: canary, errors: 0 },
  stable: { requests: stable, errors: 0 },
})
const at = { weight: 10, whole: true, settled: true }
const twice = (canary: number, stable: number) =>
  addSample(addSample(noSampling, counts(canary, stable), at), counts(canary, stable), at)
const seen = { weight: 10, others: false, phi: 1 }
const plan = { router: 'traefik', route: null } as const

describe('a share of the traffic', () => {
  test.each([
    [0.1, 100, 900, 'within'],
    [0.1, 150, 850, 'within'],
    [0.1, 170, 830, 'above'],
    [0.1, 55, 945, 'within'],
    [0.1, 40, 960, 'below'],
    [0.1, 0, 100, 'within'],
    [0.1, 0, 200, 'below'],
    [1, 1000, 0, 'within'],
    [1, 999, 1, 'below'],
    [0.5, 0, 0, 'within'],
  ])('of the weight %d: %d of the canary, %d of stable is %s', (p, canary, stable, expected) => {
    expect(sampled(p, { canary, stable }, 1)).toBe(expected)
  })

  test('counts that vary more than chance are given more room', () => {
    expect(sampled(0.1, { canary: 170, stable: 830 }, 3)).toBe('within')
  })
})

describe('the data plane', () => {
  test('is not judged by one block, nor by blocks before it has settled', () => {
    expect(whyOff(plan, addSample(noSampling, counts(0, 500), at), seen)).toBeNull()
    const early = addSample(twice(0, 0), counts(0, 5000), { ...at, settled: false })
    expect(whyOff(plan, early, seen)).toBeNull()
  })

  test('that does not send to the canary is named with its figures', () => {
    expect(whyOff(plan, twice(0, 500), seen)).toBe(
      'the data plane gives the canary 0.00 % (0 of 1000 requests), expected the weight of 10 %',
    )
    expect(whyOff(plan, twice(100, 400), seen)).toMatch(/20\.0 % \(200 of 1000/)
  })

  test('may give less where clients stay with their version, or where other routes lead to stable', () => {
    expect(whyOff(plan, twice(0, 500), { ...seen, others: true })).toBeNull()
    expect(whyOff({ ...plan, route: 'web' }, twice(0, 500), seen)).toBeNull()
    expect(whyOff({ ...plan, route: 'web' }, twice(200, 300), seen)).not.toBeNull()
  })

  test('of pods is not judged by requests', () => {
    expect(whyOff({ ...plan, router: 'replicas' }, twice(0, 500), seen)).toBeNull()
  })

  test('of Istio may be less by a rounded percent', () => {
    const sum = twice(16_000, 484_000)
    expect(whyOff({ ...plan, router: 'istio' }, sum, { ...seen, weight: 3.3 })).toBeNull()
    expect(whyOff(plan, sum, { ...seen, weight: 3.3 })).not.toBeNull()
  })

  test('is quiet only by a whole block without a request to the canary', () => {
    const off = { weight: 0, whole: true, settled: false }
    const quiet = addSample(noSampling, counts(0, 500), off)
    expect(quiet.quiet).toBe(1)
    expect(addSample(quiet, counts(1, 500), off).quiet).toBe(0)
    expect(addSample(noSampling, counts(0, 500), { ...off, whole: false }).quiet).toBe(0)
  })
})

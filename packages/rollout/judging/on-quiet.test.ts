import { parseApiTests } from '@alt-las/api-tests'
import { describe, expect, test } from '@jest/globals'
import type { ProofForecast } from '../model/judgement.ts'
import type { Plan } from '../model/plan.ts'
import { plan as fixed } from '../testing/facts.ts'
import { type QuietFacts, syntheticRate, takeQuiet } from './on-quiet.ts'
import { fits, ofUsers, proofForecast } from './proof-forecast.ts'

const smoke = parseApiTests('tests: [{ name: home, request: { path: / } }]', 'smoke.yaml')
const synthetic = [{ url: 'https://shop.example/', rate: null }]
const plan: Plan = { ...fixed, ramp: 'auto', steps: [] }
const forecast: ProofForecast = {
  ...{ historyMs: 1_800_000, requestsPerSecond: 0.1, errorRate: 0, dispersion: 1 },
  ...{ requests: 900, proofMs: null },
}
const facts: QuietFacts = { forecast, rate: 25, unreachable: null }

const past = (rps: number) => ({
  counted: 'gateway' as const,
  blocks: Array.from({ length: 360 }, (_, i) => ({
    from: 5000 * i,
    to: 5000 * (i + 1),
    weight: null,
    canary: { requests: 0, errors: 0 },
    stable: { requests: 5 * rps, errors: 0 },
  })),
})

const pausing = { ...plan.judging, onUndecided: 'pause' as const }

describe('takeQuiet', () => {
  test.each<[string, Partial<Plan>, Partial<QuietFacts>, string]>([
    ['synthetic requests come first', { synthetic, smoke }, {}, 'synthetic'],
    ['then the API tests', { smoke }, {}, 'smoke'],
    ['then no release', {}, {}, 'abort'],
    ['or what on-undecided says', { judging: pausing }, {}, 'on-undecided'],
    [
      'an address with a rate of its own is no offer',
      { synthetic: [{ url: 'https://a/', rate: 5 }] },
      {},
      'abort',
    ],
    ['an address that cannot be reached', { synthetic, smoke }, { unreachable: 'no answer' }, 'smoke'],
    ['no rate that is allowed is enough', { synthetic, smoke }, { rate: null }, 'smoke'],
    ['blue has no requests after the switch', { synthetic, smoke, strategy: 'blue-green' }, {}, 'smoke'],
    ['the way that was asked for', { synthetic, smoke, onQuiet: 'smoke' }, {}, 'smoke'],
    ['only that way', { smoke, onQuiet: 'synthetic' }, {}, 'abort'],
    ['whatever on-undecided says', { smoke, onQuiet: 'abort', judging: pausing }, {}, 'abort'],
  ])('%s', (_, changed, known, taken) => {
    expect(takeQuiet({ ...plan, ...changed }, { ...facts, ...known })?.taken).toBe(taken)
  })

  test('nothing is taken where the proof comes in time', () => {
    expect(
      takeQuiet({ ...plan, smoke }, { ...facts, forecast: { ...forecast, proofMs: 100_000 } }),
    ).toBeNull()
  })

  test('the sentence has the figures, the choice, and why the ways before it were not possible', () => {
    const because = takeQuiet(
      { ...plan, synthetic, smoke },
      { ...facts, unreachable: 'it gave no answer' },
    )?.because
    expect(because).toContain('stable had 0.1 requests a second in the last 30m00s')
    expect(because).toContain('a proof needs some 900 requests to the canary, which take at least 5h00m')
    expect(because).toContain('on-quiet takes smoke')
    expect(because).toContain('synthetic is not possible: it gave no answer')
  })
})

describe('proofForecast', () => {
  test.each([
    [0, false],
    [0.1, false],
    [5, true],
    [500, true],
  ])('at %d requests a second', (rps, isEnough) => {
    const known = proofForecast(plan, past(rps), false)
    expect(known?.requestsPerSecond).toBeCloseTo(rps)
    expect(known?.requests).toBeGreaterThan(500)
    expect(known !== null && fits(known, plan)).toBe(isEnough)
  })

  test('a bake that does not fit counts as well', () => {
    const long = { ...plan, judging: { ...plan.judging, bakeMs: 590_000 } }
    const known = proofForecast(long, past(500), false)
    expect(known?.proofMs).not.toBeNull()
    expect(known !== null && fits(known, long)).toBe(false)
  })

  test('traffic that has just begun counts, not the quiet night before it', () => {
    const { blocks, counted } = past(0)
    const begun = blocks.map((one, i) => (i < 350 ? one : { ...one, stable: { requests: 1000, errors: 0 } }))
    expect(proofForecast(plan, { blocks: begun, counted }, false)?.requestsPerSecond).toBeGreaterThan(50)
  })

  test('synthetic requests of the rollout before are no users', () => {
    const users = ofUsers(past(5), { from: 0, until: 1_700_000 })
    expect(proofForecast(plan, users, false)?.requestsPerSecond).toBeLessThan(5)
    expect(
      proofForecast(plan, ofUsers(past(5), { from: 0, until: 1_900_000 }), false)?.requestsPerSecond,
    ).toBe(0)
    expect(ofUsers(past(5), undefined)).toEqual(past(5))
  })

  test('nothing is known without a minute of history', () => {
    expect(proofForecast(plan, { ...past(5), blocks: past(5).blocks.slice(0, 5) }, false)).toBeNull()
  })

  test('synthetic requests with a rate of their own count with those of users', () => {
    const sent = { ...plan, synthetic: [{ url: 'https://shop.example/', rate: 30 }] }
    const known = proofForecast(sent, past(0), false)
    expect(known).toMatchObject({ requestsPerSecond: 0, synthetic: 30 })
    expect(known !== null && fits(known, sent)).toBe(true)
  })
})

describe('syntheticRate', () => {
  test('is the lowest that proves it in two minutes, and less where users help', () => {
    const rate = syntheticRate({ ...plan, synthetic }, { past: past(0), sticky: false })
    expect(rate).toBe(25)
    const less = syntheticRate({ ...plan, synthetic }, { past: past(15), sticky: false })
    expect(less).toBeLessThan(25)
  })

  test('is none without an address', () => {
    expect(syntheticRate(plan, { past: past(0), sticky: false })).toBeNull()
  })
})

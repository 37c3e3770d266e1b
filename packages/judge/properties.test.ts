import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { begin, isKnownNoWorse, judge, type Arm, type Block, type Settings, type State } from './index.ts'
import { noProof, prove } from './evidence/non-inferiority.ts'
import { trafficTerms } from './evidence/traffic.ts'

const settings: Settings = {
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: 1.1,
  horizon: 540,
  bake: 20_000,
  dispersion: null,
  expectTraffic: false,
  weights: { kind: 'fixed', proof: 0.5 },
}
const bounds = [0.05, 0.1, 0.25, 0.5, 1]
const usual = [0.2, 0.3, 0.3, 0.15, 0.04, 0.01]
const runs = (seed: number) => ({ seed, numRuns: 8 })

describe('whatever is played', () => {
  test('one canary error more, in any block, never speaks for the canary', () => {
    const property = fc.property(someBlocks(40), fc.nat(39), (blocks, at) => {
      const worse = blocks.map((block, i) =>
        i === at ? { ...block, canary: oneWorse(block.canary) } : block,
      )
      const [before, after] = [play(blocks), play(worse)]
      after.forEach((answer, i) => {
        const { evidence } = answer.verdict
        const other = before[i]?.verdict
        expect(evidence.value).toBeGreaterThanOrEqual((other?.evidence.value ?? NaN) * (1 - 1e-12))
        expect(evidence.proof).toBeLessThanOrEqual((other?.evidence.proof ?? NaN) + 1e-12)
        expect(evidence.bound).toBeGreaterThanOrEqual(other?.evidence.bound ?? NaN)
        if (other?.kind === 'roll-back') expect(answer.verdict.kind).toBe('roll-back')
        if (answer.verdict.kind === 'ready') expect(other?.kind).toBe('ready')
      })
    })
    fc.assert(property, runs(0))
  })

  test('a restart between any two blocks changes no bit', () => {
    const property = fc.property(someBlocks(40), (blocks) => {
      const whole = play(blocks)
      let state = begin(settings, history)
      blocks.forEach((block, i) => {
        const answer = judge(JSON.parse(JSON.stringify(state)) as State, block)
        state = answer.state
        expect(JSON.stringify(answer)).toBe(JSON.stringify(whole[i]))
      })
    })
    fc.assert(property, runs(100))
  })

  test('the order in which a block lists what it holds changes nothing', () => {
    const property = fc.property(someBlocks(12), (blocks) => {
      const turned = blocks.map(({ weight, stable, canary, to, from }) => {
        return { stable, to, canary, weight, from }
      })
      expect(play(turned).map(({ verdict }) => verdict)).toEqual(play(blocks).map(({ verdict }) => verdict))
    })
    fc.assert(property, runs(200))
  })

  test('without canary requests nothing is ever ready, nor known', () => {
    const none: Arm = { requests: 0, errors: 0, latency: { bounds, counts: usual.map(() => 0) } }
    const weight = fc.double({ min: 0, max: 1, noNaN: true })
    const property = fc.property(someBlocks(120), weight, (blocks, weight) => {
      for (const { state, verdict } of play(blocks.map((block) => ({ ...block, canary: none, weight })))) {
        expect(verdict.kind).not.toBe('ready')
        expect(isKnownNoWorse(state)).toBe(false)
      }
    })
    fc.assert(property, runs(300))
  })

  test('a block without canary requests ends no bake, after whatever proof', () => {
    const proven = play(Array.from({ length: 60 }, (_, i) => blockOf(i, [1250, 1], [1250, 1])))
    const last = proven.at(-1)?.state ?? begin(settings)
    expect(proven.at(-1)?.verdict.kind).toBe('ready')
    const property = fc.property(fc.nat(2500), fc.nat(20), (errors, later) => {
      const { verdict } = judge(last, blockOf(60 + later, [0, 0], [2500, errors]))
      expect(verdict.kind).not.toBe('ready')
    })
    fc.assert(property, { seed: 400, numRuns: 50 })
  })
})

describe('each part is one-sided', () => {
  test('a canary request that is answered never speaks of a hang', () => {
    for (let n = 0; n < 50; n += 1) {
      const [fewer, more] = [n, n + 1].map((k) => trafficTerms(blockOf(0, [k, 0], [400, 0], 0.2)) ?? [])
      more?.forEach((term, k) => {
        expect(term).toBeLessThan(fewer?.[k] ?? NaN)
      })
    }
  })

  test('a canary error never speaks for the proof, and an answer without one never against it', () => {
    const at = { rate: 0.002, ratio: 1.2, difference: 0.005, phi: 1 }
    const proof = (n: number, x: number) => prove(noProof, blockOf(0, [n, x], [500, 1]), at)
    for (let x = 0; x < 40; x += 1) {
      proof(500, x + 1).forEach((log, which) => {
        expect(log).toBeLessThanOrEqual(proof(500, x)[which] ?? NaN)
      })
    }
    for (let n = 100; n < 140; n += 1) {
      proof(n + 1, 0).forEach((log, which) => {
        expect(log).toBeGreaterThanOrEqual(proof(n, 0)[which] ?? NaN)
      })
    }
  })
})

describe('an invalid count is refused by name, never taken for a healthy canary', () => {
  const good: Arm = { requests: 10, errors: 1 }
  const histogram = (counts: readonly number[], at: readonly number[] = [0.1, 0.2]): Arm => ({
    ...good,
    latency: { bounds: at, counts },
  })
  test.each<[string, Partial<Block>, string]>([
    [
      'requests beyond what a double can count',
      { canary: { requests: 2 ** 60, errors: 0 } },
      'canary requests',
    ],
    ['errors that are NaN', { canary: { requests: 1, errors: NaN } }, 'canary errors is NaN'],
    ['negative requests', { stable: { requests: -1, errors: 0 } }, 'stable requests is -1'],
    ['minus infinity', { stable: { requests: -Infinity, errors: 0 } }, 'stable requests is -Infinity'],
    ['a negative latency count', { canary: histogram([3, -1, 2]) }, 'canary latency count is -1'],
    ['a latency count that is NaN', { stable: histogram([NaN, 0, 0]) }, 'stable latency count is NaN'],
    [
      'bounds that fall',
      { stable: histogram([1, 1, 1], [0.2, 0.1]) },
      'stable latency bound 0.1 comes after 0.2',
    ],
    ['a bound that is NaN', { canary: histogram([1, 1, 1], [NaN, 1]) }, 'canary latency bound NaN'],
    [
      'a pod of NaN',
      { stable: { ...good, pods: [{ requests: NaN, errors: 0 }] } },
      'stable pod requests is NaN',
    ],
    ['a weight that is NaN', { weight: NaN }, 'weight is NaN'],
    ['a time that is NaN', { to: NaN }, 'the end is before the start'],
  ])('%s', (_name, wrong, why) => {
    expect(() => judge(begin(settings, history), { ...blockOf(0, [10, 0], [90, 0]), ...wrong })).toThrow(why)
  })
})

function blockOf(
  i: number,
  canary: readonly [number, number],
  stable: readonly [number, number],
  weight: number | null = 0.5,
): Block {
  const arm = ([requests, errors]: readonly [number, number]): Arm => ({
    requests,
    errors,
    latency: { bounds, counts: usual.map((share) => Math.round(share * requests)) },
  })
  return { from: 5000 * i, to: 5000 * (i + 1), weight, canary: arm(canary), stable: arm(stable) }
}

const history = Array.from({ length: 360 }, (_, i) => blockOf(i - 360, [0, 0], [2500, 2 + (i % 2)], 0))

function play(blocks: readonly Block[]): readonly ReturnType<typeof judge>[] {
  let state = begin(settings, history)
  return blocks.map((block) => {
    const answer = judge(state, block)
    state = answer.state
    return answer
  })
}

/** Quiet and wild ones, with and without requests. */
function someBlocks(many: number): fc.Arbitrary<readonly Block[]> {
  const rates = fc.oneof(fc.constant(0.002), fc.double({ min: 0, max: 0.1, noNaN: true }))
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const arm = fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.nat(1500) }, fc.constant(0)), share)
  const weight = fc.option(share, { nil: null, freq: 5 })
  const one = fc.tuple(arm, arm, weight)
  return fc
    .tuple(rates, fc.array(one, { minLength: many, maxLength: many, size: 'max' }))
    .map(([rate, all]) => {
      const counts = ([of, part]: readonly [number, number]) =>
        [of, Math.min(of, Math.floor(2 * rate * of * part))] as const
      return all.map(([canary, stable, weight], i) => blockOf(i, counts(canary), counts(stable), weight))
    })
}

const oneWorse = (arm: Arm): Arm => (arm.errors < arm.requests ? { ...arm, errors: arm.errors + 1 } : arm)

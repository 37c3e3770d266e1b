import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Arm, Block } from './input/block.ts'
import { errorAlternatives, errorTerms } from './evidence/errors.ts'
import { edgeOf, latencyAlternatives } from './latency/edge.ts'
import { latencyTerms } from './latency/latency.ts'
import { proveLatency, provenBounds, tailsOf } from './latency/latency-proof.ts'
import { restartingMixture, step, value } from './evidence/mixture.ts'
import { noProof, prove } from './evidence/non-inferiority.ts'
import { addExcess, noExcess } from './evidence/ramp.ts'
import { beginReference, type Reference } from './latency/reference.ts'
import { trafficAlternatives, trafficTerms } from './evidence/traffic.ts'

const tiny = 1e-12
const runs = (seed: number, numRuns = 25) => ({ seed, numRuns })
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })
/** So many requests that every outcome can be enumerated. */
const few = fc.integer({ min: 1, max: 8 })

describe('under the null, every outcome enumerated, the expectation is at most 1', () => {
  test('of the errors', () => {
    // Anywhere within the null, not only at its edge.
    const within = fc.oneof(fc.constant(1), between(0, 1))
    const drawn = [few, few, between(0, 0.5), between(1, 2), between(1, 3), within] as const
    const property = fc.property(...drawn, (n, m, rate, margin, phi, part) => {
      const canary = Math.min(1, margin * rate * part)
      const sums = zeros(errorAlternatives)
      binomials(n, m, [canary, rate], (chance, block) => {
        add(sums, chance, errorTerms(block, margin, phi))
      })
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
    fc.assert(property, runs(0))
  })

  test('of the proof of non-inferiority', () => {
    const settings = fc.record({
      ratio: between(1, 1.5),
      phi: between(1, 2),
      difference: between(0.005, 0.105),
      rate: between(0.0001, 0.4),
    })
    const drawn = [few, few, between(0, 1 / 3), between(1, 1.5), settings] as const
    const property = fc.property(...drawn, (n, m, stable, beyond, at) => {
      const canary = Math.min(1, (at.ratio * stable + at.difference) * beyond)
      const sums = [0, 0]
      binomials(n, m, [canary, stable], (chance, block) => {
        add(sums, chance, prove(noProof, block, at))
      })
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
    fc.assert(property, runs(100))
  })

  test('of the bound of the excess', () => {
    const deltas = [0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 0.8]
    const settings = fc.record({ rate: between(0, 0.1), phi: between(1, 2) })
    const drawn = [few, few, between(0, 0.5), between(1, 2), settings] as const
    const property = fc.property(...drawn, (n, m, stable, beyond, at) => {
      noExcess.forEach((_, k) => {
        const delta = deltas[k] ?? 1
        const canary = Math.min(1, stable + delta * beyond)
        if (canary < stable + delta) return
        const sums = [0, 0]
        binomials(n, m, [canary, stable], (chance, block) => {
          add(sums, chance, addExcess(noExcess, block, at)[k] ?? [])
        })
        for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
      })
    })
    fc.assert(property, runs(200))
  })

  test('of the missing traffic', () => {
    // Anything from 70 % of its share on is well.
    const drawn = [fc.integer({ min: 1, max: 21 }), between(0.01, 0.91), between(0.7, 1.7)] as const
    const property = fc.property(...drawn, (all, weight, answers) => {
      const share = (answers * weight) / (answers * weight + 1 - weight)
      const sums = zeros(trafficAlternatives)
      for (let k = 0; k <= all; k += 1)
        add(sums, binomial(all, k, share), trafficTerms(blockOf(arm(k, 0), arm(all - k, 0), weight)))
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
    fc.assert(property, runs(300))
  })

  test('of the latencies', () => {
    const within = fc.option(masses(5, 0), { freq: 2 })
    const counts = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    const drawn = [references, distributions, within, between(1, 2), counts] as const
    const property = fc.property(...drawn, ({ reference, margin }, stable, downward, phi, [n, m]) => {
      const edge = edgeOf(reference, margin)
      const { moved } = edge.tolerated
      // Stable's own distribution of the moment, moved by the tolerance, and the canary somewhere below that.
      const slowest = stable.map(
        (mass, j) => (1 - (moved[j] ?? 0)) * mass + (moved[j - 1] ?? 0) * (stable[j - 1] ?? 0),
      )
      const canary = downward === null ? slowest : faster(slowest, downward)
      const sums = zeros(latencyAlternatives)
      for (const c of outcomes(n, canary))
        for (const s of outcomes(m, stable))
          add(sums, c.chance * s.chance, latencyTerms(c.counts, s.counts, { edge, phi }))
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
    fc.assert(property, runs(400))
  })

  test("of the latency's proof", () => {
    const seven = fc.integer({ min: 1, max: 7 })
    const drawn = [references, seven, seven, between(0, 1), between(1, 1.25)] as const
    const property = fc.property(...drawn, ({ reference, margin }, n, m, part, beyond) => {
      const proven = provenBounds(reference.q)
      const tails = tailsOf(edgeOf(reference, margin), proven)
      proven.forEach((j, which) => {
        const { ratio } = tails[which] ?? { ratio: 1 }
        const stable = part * (0.98 / ratio)
        const canary = Math.min(1, (ratio * stable + 0.01) * beyond)
        let sum = 0
        binomials(n, m, [canary, stable], (chance, block) => {
          const buckets = {
            canary: split(block.canary, j, reference),
            stable: split(block.stable, j, reference),
          }
          const none = proven.map(() => 0)
          const logs = proveLatency(none, buckets, { tails, proven, phi: 1 })
          sum += chance * Math.exp(logs[which] ?? 0)
        })
        expect(sum).toBeLessThanOrEqual(1 + tiny)
      })
    })
    fc.assert(property, runs(500))
  })

  test('of the mixture with restarts over three blocks', () => {
    const [margin, restarts] = [1.2, { horizon: 3, cap: 3 }]
    const property = fc.property(between(0, 0.5), (rate) => {
      let sum = 0
      const visit = (mixture: ReturnType<typeof restartingMixture>, chance: number, left: number) => {
        if (left === 0) {
          sum += chance * value(mixture)
          return
        }
        binomials(2, 2, [margin * rate, rate], (p, block) => {
          visit(step(mixture, errorTerms(block, margin, 1) ?? [], restarts), chance * p, left - 1)
        })
      }
      visit(restartingMixture(errorAlternatives), 1, 3)
      expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
    fc.assert(property, runs(600, 10))
  })
})

describe('the evidence is one-sided', () => {
  test('more canary errors never speak for the canary, more stable errors never against it', () => {
    const arms = fc.tuple(fc.integer({ min: 2, max: 202 }), fc.integer({ min: 2, max: 2002 }))
    const errors = arms.chain(([n, m]) =>
      fc.tuple(fc.constant([n, m] as const), fc.nat(n - 1), fc.nat(m - 1)),
    )
    const property = fc.property(errors, ([[n, m], x, y]) => {
      const terms = (dx: number, dy: number) =>
        errorTerms(blockOf(arm(n, x + dx), arm(m, y + dy), null), 1.2, 1) ?? []
      const [now, worse, better] = [terms(0, 0), terms(1, 0), terms(0, 1)]
      now.forEach((term, k) => {
        expect(worse[k]).toBeGreaterThan(term)
        expect(better[k]).toBeLessThan(term)
      })
    })
    fc.assert(property, runs(7, 200))
  })

  test('a canary that fails less often than stable gathers no evidence, however long it runs', () => {
    let mixture = restartingMixture(errorAlternatives)
    for (let i = 0; i < 500; i += 1) {
      const terms = errorTerms(blockOf(arm(100, 0), arm(900, 5), null), 1.2, 1) ?? []
      mixture = step(mixture, terms, { horizon: 540, cap: 3 })
      expect(value(mixture)).toBeLessThanOrEqual(1)
    }
  })

  test('an answer in a higher bucket never speaks for the canary', () => {
    const property = fc.property(references, ({ reference, margin }) => {
      const edge = edgeOf(reference, margin)
      const buckets = reference.bounds.length + 1
      const three = zeros(buckets).map(() => 3)
      const terms = (at: number) => {
        const one = zeros(buckets).map((_, i) => (i === at ? 1 : 0))
        return latencyTerms(one, three, { edge, phi: 1 }) ?? []
      }
      for (let at = 1; at < buckets; at += 1) {
        terms(at).forEach((term, k) => {
          expect(term).toBeGreaterThanOrEqual((terms(at - 1)[k] ?? 0) - tiny)
        })
      }
    })
    fc.assert(property, runs(11))
  })
})

/** Adds what one outcome contributes to each expectation. */
function add(sums: number[], chance: number, terms: readonly number[] | null): void {
  terms?.forEach((term, k) => (sums[k] = (sums[k] ?? 0) + chance * Math.exp(term)))
}

/** Every outcome of two binomial arms. */
function binomials(
  n: number,
  m: number,
  [canary, stable]: readonly [number, number],
  visit: (chance: number, block: Block) => void,
): void {
  for (let x = 0; x <= n; x += 1) {
    for (let y = 0; y <= m; y += 1) {
      visit(binomial(n, x, canary) * binomial(m, y, stable), blockOf(arm(n, x), arm(m, y), null))
    }
  }
}

function binomial(n: number, k: number, p: number): number {
  let ways = 1
  for (let i = 0; i < k; i += 1) ways = (ways * (n - i)) / (i + 1)
  return ways * p ** k * (1 - p) ** (n - k)
}

/** Every outcome of n draws, with its chance. */
function outcomes(
  n: number,
  chances: readonly number[],
): readonly { readonly counts: readonly number[]; readonly chance: number }[] {
  const [first = 1, ...rest] = chances
  if (rest.length === 0) return [{ counts: [n], chance: first ** n }]
  return Array.from({ length: n + 1 }, (_, k) => {
    let ways = 1
    for (let i = 0; i < k; i += 1) ways = (ways * (n - i)) / (i + 1)
    return outcomes(n - k, rest).map(({ counts, chance }) => ({
      counts: [k, ...counts],
      chance: ways * first ** k * chance,
    }))
  }).flat()
}

function masses(buckets: number, least: number): fc.Arbitrary<readonly number[]> {
  return fc.array(between(least, least + 1), { minLength: buckets, maxLength: buckets })
}

const distributions = masses(5, 0.02).map((all) => {
  const total = all.reduce((sum, mass) => sum + mass, 0)
  return all.map((mass) => mass / total)
})

const references: fc.Arbitrary<{ readonly reference: Reference; readonly margin: number }> = fc.record({
  reference: distributions.map((all) =>
    beginReference([0.05, 0.1, 0.25, 0.5], [all.map((mass) => 1000 * mass)]),
  ),
  margin: between(1, 2),
})

/** A part of each bucket's mass moved down by one. */
function faster(all: readonly number[], parts: readonly number[]): readonly number[] {
  const moved = all.map((mass, j) => (j === 0 ? 0 : mass * (parts[j] ?? 0)))
  return all.map((mass, j) => mass - (moved[j] ?? 0) + (moved[j + 1] ?? 0))
}

/** Requests as answers below bound j, errors as answers above it. */
function split({ requests, errors }: Arm, j: number, { bounds }: Reference): readonly number[] {
  return [...bounds, 0].map((_, i) => (i === j ? requests - errors : i === j + 1 ? errors : 0))
}

const arm = (requests: number, errors: number): Arm => ({ requests, errors })
const blockOf = (canary: Arm, stable: Arm, weight: number | null): Block => ({
  from: 0,
  to: 5000,
  canary,
  stable,
  weight,
})
const zeros = (n: number): number[] => Array.from({ length: n }, () => 0)

import { describe, expect, test } from '@jest/globals'
import type { Arm, Block } from './block.ts'
import { errorAlternatives, errorTerms } from './errors.ts'
import { edgeOf, latencyAlternatives } from './edge.ts'
import { latencyTerms } from './latency.ts'
import { proveLatency, provenBounds, tailsOf } from './latency-proof.ts'
import { restartingMixture, step, value } from './mixture.ts'
import { noProof, prove } from './non-inferiority.ts'
import { addExcess, noExcess } from './ramp.ts'
import { beginReference, type Reference } from './reference.ts'
import { trafficAlternatives, trafficTerms } from './traffic.ts'

const settings = Array.from({ length: 25 }, (_, i) => i)
const tiny = 1e-12

describe('under the null, every outcome enumerated, the expectation is at most 1', () => {
  test.each(settings)('of the errors, setting %i', (i) => {
    const random = numbers(i)
    const [n, m, rate, margin, phi] = [
      1 + int(random, 7),
      1 + int(random, 7),
      random() / 2,
      1 + random(),
      1 + 2 * random(),
    ]
    // Anywhere within the null, not only at its edge.
    const canaryRate = Math.min(1, margin * rate * (random() < 0.5 ? 1 : random()))
    const sums = zeros(errorAlternatives)
    binomials(n, m, [canaryRate, rate], (chance, block) => {
      errorTerms(block, margin, phi)?.forEach(
        (term, k) => (sums[k] = (sums[k] ?? 0) + chance * Math.exp(term)),
      )
    })
    for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
  })

  test.each(settings)('of the proof of non-inferiority, setting %i', (i) => {
    const random = numbers(100 + i)
    const [n, m, ratio, phi] = [1 + int(random, 7), 1 + int(random, 7), 1 + random() / 2, 1 + random()]
    const [difference, stable] = [0.005 + random() / 10, random() / 3]
    const canary = Math.min(1, (ratio * stable + difference) * (1 + random() / 2))
    const guess = 0.0001 + random() * 0.4
    const sums = [0, 0]
    binomials(n, m, [canary, stable], (chance, block) => {
      const proof = prove(noProof, block, { rate: guess, ratio, difference, phi })
      proof.forEach((log, k) => (sums[k] = (sums[k] ?? 0) + chance * Math.exp(log)))
    })
    for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
  })

  test.each(settings)('of the bound of the excess, setting %i', (i) => {
    const random = numbers(200 + i)
    const [n, m, stable, rate, phi] = [
      1 + int(random, 7),
      1 + int(random, 7),
      random() / 2,
      random() / 10,
      1 + random(),
    ]
    noExcess.forEach((_, k) => {
      const delta =
        [0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 0.8][k] ?? 1
      const canary = Math.min(1, stable + delta * (1 + random()))
      if (canary < stable + delta) return
      const sums = [0, 0]
      binomials(n, m, [canary, stable], (chance, block) => {
        addExcess(noExcess, block, { rate, phi })[k]?.forEach(
          (log, which) => (sums[which] = (sums[which] ?? 0) + chance * Math.exp(log)),
        )
      })
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
  })

  test.each(settings)('of the missing traffic, setting %i', (i) => {
    const random = numbers(300 + i)
    const [all, weight] = [1 + int(random, 20), 0.01 + 0.9 * random()]
    // Anything from 70 % of its share on is well.
    const answers = 0.7 + random()
    const share = (answers * weight) / (answers * weight + 1 - weight)
    const sums = zeros(trafficAlternatives)
    for (let k = 0; k <= all; k += 1) {
      const block = blockOf(arm(k, 0), arm(all - k, 0), weight)
      trafficTerms(block)?.forEach(
        (term, j) => (sums[j] = (sums[j] ?? 0) + binomial(all, k, share) * Math.exp(term)),
      )
    }
    for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
  })

  test.each(settings)('of the latencies, setting %i', (i) => {
    const random = numbers(400 + i)
    const { reference, margin } = someReference(random)
    const stable = distribution(random, reference.bounds.length + 1)
    const edge = edgeOf(reference, margin)
    const { moved } = edge.tolerated
    // Stable's own distribution of the moment, moved by the tolerance, and the canary somewhere below that.
    const slowest = stable.map(
      (mass, j) => (1 - (moved[j] ?? 0)) * mass + (moved[j - 1] ?? 0) * (stable[j - 1] ?? 0),
    )
    const canary = random() < 0.5 ? slowest : faster(slowest, random)
    const phi = 1 + random()
    const sums = zeros(latencyAlternatives)
    const [n, m] = [1 + int(random, 2), 1 + int(random, 1)]
    for (const c of outcomes(n, canary)) {
      for (const s of outcomes(m, stable)) {
        latencyTerms(c.counts, s.counts, { edge, phi })?.forEach(
          (term, k) => (sums[k] = (sums[k] ?? 0) + c.chance * s.chance * Math.exp(term)),
        )
      }
    }
    for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + tiny)
  })

  test.each(settings)("of the latency's proof, setting %i", (i) => {
    const random = numbers(500 + i)
    const { reference, margin } = someReference(random)
    const proven = provenBounds(reference.q)
    const tails = tailsOf(edgeOf(reference, margin), proven)
    proven.forEach((j, which) => {
      const { ratio } = tails[which] ?? { ratio: 1 }
      const stable = random() * (0.98 / ratio)
      const canary = Math.min(1, (ratio * stable + 0.01) * (1 + random() / 4))
      let sum = 0
      binomials(1 + int(random, 6), 1 + int(random, 6), [canary, stable], (chance, block) => {
        const buckets = {
          canary: split(block.canary, j, reference),
          stable: split(block.stable, j, reference),
        }
        const logs = proveLatency(
          proven.map(() => 0),
          buckets,
          { tails, proven, phi: 1 },
        )
        sum += chance * Math.exp(logs[which] ?? 0)
      })
      expect(sum).toBeLessThanOrEqual(1 + tiny)
    })
  })

  test.each(settings.slice(0, 10))('of the mixture with restarts over three blocks, setting %i', (i) => {
    const random = numbers(600 + i)
    const [rate, margin] = [random() / 2, 1.2]
    const restarts = { horizon: 3, cap: 3 }
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
})

describe('the evidence is one-sided', () => {
  test('more canary errors never speak for the canary, more stable errors never against it', () => {
    const random = numbers(7)
    for (let i = 0; i < 200; i += 1) {
      const [n, m] = [2 + int(random, 200), 2 + int(random, 2000)]
      const [x, y] = [int(random, n - 1), int(random, m - 1)]
      const terms = (dx: number, dy: number) =>
        errorTerms(blockOf(arm(n, x + dx), arm(m, y + dy), null), 1.2, 1) ?? []
      const [now, worse, better] = [terms(0, 0), terms(1, 0), terms(0, 1)]
      now.forEach((term, k) => {
        expect(worse[k]).toBeGreaterThan(term)
        expect(better[k]).toBeLessThan(term)
      })
    }
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
    const { reference, margin } = someReference(numbers(11))
    const edge = edgeOf(reference, margin)
    const buckets = reference.bounds.length + 1
    const terms = (at: number) => {
      const canary = zeros(buckets)
      canary[at] = 1
      return (
        latencyTerms(
          canary,
          zeros(buckets).map(() => 3),
          { edge, phi: 1 },
        ) ?? []
      )
    }
    for (let at = 1; at < buckets; at += 1) {
      terms(at).forEach((term, k) => {
        expect(term).toBeGreaterThanOrEqual((terms(at - 1)[k] ?? 0) - tiny)
      })
    }
  })
})

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

function someReference(random: () => number): { readonly reference: Reference; readonly margin: number } {
  const bounds = [0.05, 0.1, 0.25, 0.5]
  const counts = distribution(random, bounds.length + 1).map((mass) => 1000 * mass)
  return { reference: beginReference(bounds, [counts]), margin: 1 + random() }
}

function distribution(random: () => number, buckets: number): readonly number[] {
  const masses = Array.from({ length: buckets }, () => 0.02 + random())
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return masses.map((mass) => mass / total)
}

/** Some of each bucket's mass moved down by one. */
function faster(masses: readonly number[], random: () => number): readonly number[] {
  const moved = masses.map((mass, j) => (j === 0 ? 0 : mass * random()))
  return masses.map((mass, j) => mass - (moved[j] ?? 0) + (moved[j + 1] ?? 0))
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
const int = (random: () => number, most: number): number => Math.floor(random() * (most + 1))

/** Uniform numbers, the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed + 0x6d2b79f5
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Block } from './input/block.ts'
import { errorAlternatives, errorTerms } from './evidence/errors.ts'
import { plainMixture, restartingMixture, step, value } from './evidence/mixture.ts'

type Row = readonly [number, number, number, number, readonly number[], readonly number[]]
interface Vectors {
  readonly scenarios: Readonly<
    Record<
      string,
      { readonly blocks: readonly Row[]; readonly steps: readonly Readonly<Record<string, number>>[] }
    >
  >
}
const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vectors

const toBlock = ([n, x, sn, sx]: Row): Block => ({
  from: 0,
  to: 5000,
  canary: { requests: n, errors: x },
  stable: { requests: sn, errors: sx },
  weight: null,
})

describe.each(Object.entries(vectors.scenarios))('the simulated blocks "%s"', (_name, { blocks, steps }) => {
  test.each([
    ['plain', plainMixture(errorAlternatives), 1, null],
    ['restartsCap', restartingMixture(errorAlternatives), 1, { horizon: 360, cap: 3 }],
    ['restartsCapPhi2', restartingMixture(errorAlternatives), 2, { horizon: 360, cap: 3 }],
  ] as const)('give the errors of "%s" to 1e-9', (column, start, phi, restarts) => {
    let mixture = start
    blocks.forEach((row, index) => {
      const terms = errorTerms(toBlock(row), 1.2, phi)
      if (terms !== null) mixture = step(mixture, terms, restarts)
      expect(Math.abs(Math.log(value(mixture)) - (steps[index]?.[column] ?? NaN))).toBeLessThan(1e-9)
    })
  })
})

describe('errorTerms', () => {
  // Exact: both arms binomial at the edge of the null, every outcome enumerated.
  test.each([
    [3, 4, 0.1, 1.2],
    [6, 2, 0.3, 1.2],
    [1, 8, 0.05, 1],
    [8, 8, 0.5, 1.5],
  ])(
    'of %i against %i requests at rate %d: the expectation under the null is at most 1',
    (n, m, rate, margin) => {
      const sums = Array.from({ length: errorAlternatives }, () => 0)
      for (let x = 0; x <= n; x += 1) {
        for (let y = 0; y <= m; y += 1) {
          const p = binomial(n, x, rate * margin) * binomial(m, y, rate)
          const block = toBlock([n, x, m, y, [], []])
          errorTerms(block, margin, 1)?.forEach((term, k) => {
            sums[k] = (sums[k] ?? 0) + p * Math.exp(term)
          })
        }
      }
      for (const sum of sums) expect(sum).toBeLessThanOrEqual(1 + 1e-12)
    },
  )

  test('grow with every canary error and shrink with every stable one', () => {
    const last = (x: number, y: number) => errorTerms(toBlock([50, x, 500, y, [], []]), 1.2, 1)?.at(-1) ?? NaN
    expect(last(3, 1)).toBeGreaterThan(last(2, 1))
    expect(last(3, 2)).toBeLessThan(last(3, 1))
  })
})

function binomial(n: number, k: number, p: number): number {
  let ways = 1
  for (let i = 0; i < k; i += 1) ways = (ways * (n - i)) / (i + 1)
  return ways * p ** k * (1 - p) ** (n - k)
}

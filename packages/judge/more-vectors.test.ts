import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { dispersion, jumps, podDispersion } from './variation/dispersion.ts'
import { edgeOf, latencyAlternatives } from './latency/edge.ts'
import { latencyTerms } from './latency/latency.ts'
import { restartingMixture, step, value } from './evidence/mixture.ts'
import { beginRate, learnRate, noProof, proofValue, prove, rateOf } from './evidence/non-inferiority.ts'
import { addExcess, noExcess, upperBound } from './evidence/ramp.ts'
import { beginReference, learn } from './latency/reference.ts'
import { stretch } from './latency/stretch.ts'

type Row = readonly [number, number, number, number, readonly number[], readonly number[]]
interface Vectors {
  readonly buckets: readonly number[]
  readonly history: readonly (readonly [number, number, readonly number[]])[]
  readonly historyPhi: { readonly phiDiff: number; readonly phiRobust: number }
  readonly scenarios: Readonly<
    Record<
      string,
      { readonly blocks: readonly Row[]; readonly steps: readonly Readonly<Record<string, number>>[] }
    >
  >
  readonly phiAA: {
    readonly blocks: readonly (readonly (readonly [number, number])[])[]
    readonly value: number
  }
  readonly stretch: {
    readonly q: readonly number[]
    readonly by1_1: readonly number[]
    readonly by3: readonly number[]
  }
}
const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vectors
const { buckets } = vectors
const history = vectors.history.map(([requests, errors]) => ({ requests, errors }))
const latencies = vectors.history.map(([, , counts]) => counts)
const total = (pick: 'requests' | 'errors') => history.reduce((sum, block) => sum + block[pick], 0)

const close = (got: number, wanted: number | undefined) => {
  expect(Math.abs(got - (wanted ?? NaN))).toBeLessThan(1e-9)
}

describe('stretch', () => {
  test('gives the recorded distributions to 1e-9', () => {
    const { q } = beginReference(buckets, latencies)
    q.forEach((mass, j) => {
      close(mass, vectors.stretch.q[j])
    })
    stretch(q, buckets, 1.1).forEach((mass, j) => {
      close(mass, vectors.stretch.by1_1[j])
    })
    stretch(q, buckets, 3).forEach((mass, j) => {
      close(mass, vectors.stretch.by3[j])
    })
  })
})

describe.each(Object.entries(vectors.scenarios))('the simulated blocks "%s"', (_name, { blocks, steps }) => {
  test('give the latency test to 1e-9', () => {
    let mixture = restartingMixture(latencyAlternatives)
    let reference = beginReference(buckets, latencies)
    blocks.forEach(([, , , , canary, stable], i) => {
      const terms = latencyTerms(canary, stable, { edge: edgeOf(reference, 1.1), phi: 1 })
      if (terms !== null) mixture = step(mixture, terms, { horizon: 360, cap: 3 })
      reference = learn(reference, stable)
      close(Math.log(value(mixture)), steps[i]?.['latency'])
    })
  })

  test("give stable's rate, the non-inferiority and the upper bound to 1e-9", () => {
    let rate = beginRate({ requests: total('requests'), errors: total('errors') })
    let proof = noProof
    let excess = noExcess
    blocks.forEach(([nc, xc, ns, xs], i) => {
      const block = { canary: { requests: nc, errors: xc }, stable: { requests: ns, errors: xs } }
      const known = rateOf(rate)
      close(known, steps[i]?.['qs'])
      proof = prove(proof, block, { rate: known, ratio: 1.2, difference: 0.005, phi: 1 })
      close(proofValue(proof), steps[i]?.['nonInferiority'])
      excess = addExcess(excess, block, { rate: known, phi: 1 })
      close(upperBound(excess, 0.05), steps[i]?.['upperBound'])
      rate = learnRate(rate, block.stable, 5000)
    })
  })
})

describe('dispersion', () => {
  test('gives the recorded values to 1e-9', () => {
    close(jumps(history), vectors.historyPhi.phiDiff)
    close(dispersion(history), vectors.historyPhi.phiRobust)
    const pods = vectors.phiAA.blocks.map((block) =>
      block.map(([requests, errors]) => ({ requests, errors })),
    )
    close(podDispersion(pods), vectors.phiAA.value)
  })

  test('without errors there is none', () => {
    expect(dispersion([])).toBe(1)
    expect(dispersion([{ requests: 10, errors: 4 }])).toBe(1)
  })
})

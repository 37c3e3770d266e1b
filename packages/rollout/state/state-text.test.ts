import { type State, begin, judge } from '@alt-las/judge'
import type { Deployment } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { type Releases, noReleases } from '../model/releases.ts'
import { type Rollout, enter } from '../model/rollout.ts'
import { plan, rollout } from '../testing/facts.ts'
import { remember } from './releases.ts'
import { mostBytes, readStateText, writeState } from './state-text.ts'

/** Pseudo-random, so that it cannot be compressed away. */
function noise(bytes: number, seed: number): string {
  let state = seed
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0)
  return Array.from({ length: bytes / 4 }, () => next().toString(36).slice(-4)).join('')
}

function large(kilobytes: number, seed: number): Deployment {
  const env = Array.from({ length: kilobytes }, (_, i) => ({
    name: `V${i}`,
    value: noise(980, seed * 1000 + i),
  }))
  const containers = [{ name: 'web', image: 'web', env }]
  return { ...plan.desired, spec: { ...plan.desired.spec, template: { spec: { containers } } } }
}

function withReleases(count: number, workload: (index: number) => Deployment): Rollout {
  const releases = Array.from({ length: count }, (_, i) => i).reduce<Releases>(
    (known, i) => remember(known, { ...plan, release: `v${i}`, version: String(i), desired: workload(i) }, i),
    noReleases,
  )
  return { ...rollout, plan: { ...plan, desired: workload(count - 1) }, releases }
}

/** Of a rollout as long as can be: every block with other figures, every phase entered again and again. */
function judged(blocks: number): State {
  const settings = {
    risk: 0.01,
    errorMargin: 1.2,
    latencyMargin: null,
    horizon: blocks,
    bake: 0,
    dispersion: 2,
    expectTraffic: true,
    weights: { kind: 'fixed', proof: 0.5 },
  } as const
  let state = begin(settings)
  for (let i = 0; i < blocks; i += 1) {
    const canary = { requests: 100 + (i % 7), errors: i % 50 === 0 ? 1 : 0 }
    const stable = { requests: 900 + (i % 11), errors: i % 9 === 0 ? 1 : 0 }
    state = judge(state, { from: i * 5000, to: i * 5000 + 5000, canary, stable, weight: 0.1 }).state
  }
  return state
}

describe('the state', () => {
  test('is plain JSON where it is small', () => {
    expect(JSON.parse(writeState(rollout))).toEqual(rollout)
    expect(readStateText(writeState(rollout), 'here')).toEqual(rollout)
  })

  test('of ten releases of a 60 KB Deployment and 10 000 blocks stays under 200 KiB, and nothing is lost', () => {
    const base = large(60, 1)
    const renamed = (i: number) => ({
      ...base,
      metadata: { ...base.metadata, annotations: { n: String(i) } },
    })
    const many = Array.from({ length: 500 }, (_, at) => at).reduce(
      (known, at) =>
        enter(
          known,
          { kind: 'step', index: 0, weight: 10 },
          { at, weight: 10, because: `because ${noise(2000, at)}` },
        ),
      withReleases(10, renamed),
    )
    const whole: Rollout = { ...many, judgement: { ...many.judgement, state: judged(10_000) } }
    const text = writeState(whole)
    expect(text.length).toBeLessThanOrEqual(mostBytes)
    expect(readStateText(text, 'here')).toEqual(whole)
  })

  test('drops the workloads of the oldest releases first where they have nothing in common', () => {
    const whole = withReleases(10, (i) => large(60, i + 1))
    const text = writeState(whole)
    expect(text.length).toBeLessThanOrEqual(mostBytes)
    const read = readStateText(text, 'here')
    const kept = read.releases.list.map(({ desired }) => desired !== null)
    expect(kept).toEqual([...kept].sort())
    expect(kept.at(-1)).toBe(true)
    expect(kept[0]).toBe(false)
    expect(read.plan.desired).toEqual(whole.plan.desired)
  })

  test('that has no room even for its plan is refused with the size', () => {
    expect(() => writeState(withReleases(1, () => large(400, 1)))).toThrow(
      /would take \d+ KiB, expected at most 200/,
    )
  })
})

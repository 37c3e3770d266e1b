import { parseSteps, settingsOf } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import { nothingKnown } from '../../../packages/rollout/judging/judge-settings.ts'
import { plan } from '../../../packages/rollout/testing/facts.ts'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { inputs } from './testing/inputs.ts'
import { scenario } from './testing/scenario.ts'
import { always } from './plan/parse-soak-time.ts'

const auto = { image: v2, release: 'v2', steps: parseSteps('auto'), bake: always(60_000) }

async function rolledOut(rps: number, errors: number, more: Partial<Given> = {}) {
  const here = scenario()
  here.rps = rps
  await canaryDeploy(inputs({ release: 'v1' }), here.ports)
  here.settle()
  here.errors.set(v2, errors)
  const { targets } = await canaryDeploy(inputs({ ...auto, ...more }), here.ports)
  return { here, target: targets[0], judgement: targets[0]?.rollout?.judgement }
}

describe('the adaptive ramp', () => {
  test('takes a good version up by what can still be wrong with it, keeps a tenth of stable for the bake, and promotes', async () => {
    const { here, target, judgement } = await rolledOut(500, 0)
    expect(target?.verdict).toBe('promoted')
    const weights = judgement?.steps.map(({ weight }) => weight) ?? []
    expect(weights[0]).toBeLessThanOrEqual(5)
    expect(weights).toEqual([...weights].sort((a, b) => a - b))
    expect(weights.at(-2)).toBeGreaterThanOrEqual(50)
    expect(weights.at(-1)).toBe(90)
    expect(judgement?.course.some(({ weight }) => weight === 90)).toBe(true)
    expect(here.violations).toEqual([])
  })

  test('brings a version that fails always back from its first share, with few failed requests', async () => {
    const { here, target, judgement } = await rolledOut(500, 1)
    expect(target?.verdict).toBe('rolled-back')
    expect(judgement?.steps).toHaveLength(1)
    expect(judgement?.steps[0]?.canary.errors).toBeLessThanOrEqual(50)
    expect(target?.because).toContain('canary fails 100 % of requests')
    expect(here.shares()).toEqual([0])
    expect(here.violations).toEqual([])
  })

  test('without a proof in time is undecided, never promoted', async () => {
    const { target } = await rolledOut(0.4, 0, { onUndecided: 'pause' })
    expect(target?.verdict).toBe('paused')
    expect(target?.because).toContain('undecided')
  })
})

describe('settingsOf', () => {
  const sticky = false

  test.each([
    ['gateway-api', 0.001],
    ['istio', 0.01],
  ] as const)('the ramp over %s takes steps of %s', (router, least) => {
    const { weights } = settingsOf({ ...plan, ramp: 'auto', router }, nothingKnown, { sticky })
    expect(weights).toMatchObject({ kind: 'auto', least })
  })

  test('a missing share of the traffic means something only where the router alone gives it', () => {
    const expects = (more: object, past = nothingKnown, isSticky = false) =>
      settingsOf({ ...plan, ...more }, past, { sticky: isSticky }).expectTraffic
    expect(expects({})).toBe(true)
    expect(expects({ router: 'replicas' })).toBe(false)
    expect(expects({ route: 'web/0' })).toBe(false)
    expect(expects({ strategy: 'blue-green', router: 'service' })).toBe(false)
    expect(expects({}, nothingKnown, true)).toBe(false)
    expect(expects({}, { blocks: [], counted: 'pods' })).toBe(false)
  })

  test('the proof counts from the last share on, at most half', () => {
    const proof = (weights: readonly number[]) =>
      settingsOf({ ...plan, steps: weights.map((weight) => ({ weight, holdMs: 0 })) }, nothingKnown, {
        sticky,
      }).weights
    expect(proof([5, 25])).toEqual({ kind: 'fixed', proof: 0.25 })
    expect(proof([10, 80])).toEqual({ kind: 'fixed', proof: 0.5 })
  })

  test('the horizon is the time in scrapes of the history', () => {
    const none = { requests: 0, errors: 0 }
    const blocks = [0, 1, 2].map((i) => ({
      from: i * 15_000,
      to: (i + 1) * 15_000,
      weight: null,
      canary: none,
      stable: none,
    }))
    expect(settingsOf(plan, { blocks, counted: 'gateway' }, { sticky }).horizon).toBe(40)
    expect(settingsOf(plan, nothingKnown, { sticky }).horizon).toBe(120)
  })
})

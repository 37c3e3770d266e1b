import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Habits, type Scenario, scenario } from './testing/scenario.ts'
import { always } from './plan/parse-soak-time.ts'

const wanted = { image: v2, release: 'v2', rollbackWindow: always(300_000) }

async function installed(habits: Habits): Promise<Scenario> {
  const here = scenario(habits)
  await canaryDeploy(inputs({ release: 'v1' }), here.ports)
  here.settle()
  return here
}

/** The canary's weight after each write of the route. */
function weightsOf(here: Scenario): readonly number[] {
  const seen: number[] = []
  here.cluster.hooks.afterCall = () => {
    const share = here.shares()[0] ?? 0
    if (seen.at(-1) !== share) seen.push(share)
  }
  return seen
}

async function rolledOut(habits: Habits, given: object = {}) {
  const here = await installed(habits)
  const weights = weightsOf(here)
  const { kind, targets } = await canaryDeploy(inputs({ ...wanted, ...given }), here.ports)
  const timeline = targets[0]?.rollout?.timeline ?? []
  const phases = timeline.map(({ phase }) => phase)
  return { here, kind, target: targets[0], timeline, phases, weights }
}

describe('with all traffic on the new version', () => {
  test('a fault that comes late is suspected, compared side by side, and left by one patch', async () => {
    const { here, kind, target, phases, timeline, weights } = await rolledOut({ lateErrors: { [v2]: 0.05 } })
    expect({ kind, verdict: target?.verdict }).toEqual({ kind: 'refused', verdict: 'rolled-back' })
    expect(phases.slice(-4)).toEqual(['warm', 'compare', 'revert', 'rolled-back'])
    expect(timeline.at(-3)?.because).toMatch(
      /a fault that came late is suspected: it fails 5 % of requests \(25 of 500\), 0(\.\d+)? % are usual; stable gets 50 % again/,
    )
    expect(target?.because).toMatch(
      /a fault that came late: canary fails 5.2 % of requests .* stable 0 % .* at the same time/,
    )
    expect(weights.slice(-3)).toEqual([100, 50, 0])
    expect(here.violations).toEqual([])
  })

  test('an incident that both versions have is no fault of the new one: it gets all traffic back, and is promoted', async () => {
    const { here, target, phases } = await rolledOut({ lateErrors: { [v1]: 0.3, [v2]: 0.3 } })
    expect(target?.verdict).toBe('promoted')
    const window = phases.slice(phases.indexOf('warm'), phases.indexOf('promote-stable'))
    expect(window.slice(0, 3)).toEqual(['warm', 'compare', 'warm'])
    expect(window.filter((phase) => phase === 'compare').length).toBeLessThanOrEqual(2)
    expect(here.violations).toEqual([])
  })

  test('a calm window is written nothing into, and says what was seen in it', async () => {
    const { target, phases, timeline, weights } = await rolledOut({})
    expect(target?.verdict).toBe('promoted')
    expect(phases).not.toContain('compare')
    expect(weights).toEqual([0, 10, 50, 100, 0])
    const promoted = timeline.find(({ phase }) => phase === 'promote-stable')
    expect(promoted?.because).toMatch(/with all traffic: it fails 0 % of requests \(0 of \d+\)/)
  })
})

describe('pods are the weight', () => {
  test('a late fault is compared by the share of both versions in the pods', async () => {
    const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 20_000 }] }
    const { here, target, phases } = await rolledOut(
      { lateErrors: { [v2]: 0.2 } },
      { router: 'replicas', steps },
    )
    expect(target?.verdict).toBe('rolled-back')
    expect(phases.slice(-4)).toEqual(['warm', 'compare', 'revert', 'rolled-back'])
    expect(here.violations).toEqual([])
  })
})

describe('promoted by a job that has no metrics', () => {
  test('the window lasts its time, quietly, and the end says that it was not watched', async () => {
    const here = await installed({})
    const step = { weight: 50, holdMs: 20_000, pause: true as const }
    const steps = { pauseAtPreview: false, steps: [step] }
    await canaryDeploy(inputs({ ...wanted, steps }), here.ports)
    const calls = here.cluster.calls.length
    const next = () => Promise.reject(new Error('there is no source of metrics'))
    const ports = { ...here.runner('another/2/1'), scrapes: { ...here.ports.scrapes, next } }
    const promote = inputs({ operation: 'promote', image: null, release: null })
    const { targets } = await canaryDeploy(promote, ports)
    expect(targets[0]?.verdict).toBe('promoted')
    const timeline = targets[0]?.rollout?.timeline ?? []
    expect(timeline.find(({ phase }) => phase === 'promote-stable')?.because).toMatch(
      /it is not watched: .*there is no source of metrics/,
    )
    // Five minutes, a look a second.
    expect(here.cluster.calls.length - calls).toBeLessThan(20_000)
  })
})

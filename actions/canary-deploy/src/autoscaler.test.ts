import type { Deployment, HorizontalPodAutoscaler } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { type Scenario, scenario } from './testing/scenario.ts'
import { always } from './plan/parse-soak-time.ts'

const autoscaling = 'autoscaling/v2'
const autoscaler = (minReplicas: number, maxReplicas: number): HorizontalPodAutoscaler => ({
  apiVersion: autoscaling,
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas,
    maxReplicas,
  },
})
const bounds = (here: Scenario) => {
  const spec = here.peek<HorizontalPodAutoscaler>('HorizontalPodAutoscaler', 'web', autoscaling)?.spec
  return [spec?.minReplicas, spec?.maxReplicas]
}
const replicas = (here: Scenario) => here.peek<Deployment>('Deployment', 'web', 'apps/v1')?.spec.replicas

/** An autoscaler that has brought three replicas up to five. */
async function scaled(habits = {}): Promise<Scenario> {
  const here = scenario(habits)
  await here.run({})
  here.cluster.put(autoscaler(5, 9))
  here.settle()
  expect(replicas(here)).toBe(5)
  return here
}

/** Every pair of bounds that there was, in order. */
function watching(here: Scenario): string[] {
  const seen: string[] = []
  const { hooks } = here.cluster
  const before = hooks.onWrite
  hooks.onWrite = (one) => {
    before?.(one)
    const now = bounds(here).join('..')
    if (seen.at(-1) !== now) seen.push(now)
  }
  return seen
}

const second = { image: v2, release: 'r2' }
const blueGreen = {
  ...second,
  strategy: 'blue-green',
  router: 'auto',
  bake: always(5000),
  rollbackWindow: always(5000),
} as const

describe('an autoscaler of the workload', () => {
  test.each([
    ['a promoted canary', second, {}, 'promoted'],
    ['a canary that fails', second, { errors: { [v2]: 0.5 } }, 'rolled-back'],
    ['a canary that crashes', second, { behaviours: { [v2]: 'crash' as const } }, 'rolled-back'],
    ['blue-green', blueGreen, {}, 'promoted'],
  ])(
    'is held at the live replicas during %s, and has its bounds back afterwards',
    async (_name, inputs, habits, verdict) => {
      const here = await scaled(habits)
      const seen = watching(here)
      const outcome = await here.run(inputs)
      expect(outcome).toMatchObject({ targets: [{ verdict }] })
      expect(seen).toEqual(['5..9', '5..5', '5..9'])
      // The manifest says three.
      expect(replicas(here)).toBe(5)
      expect(here.violations).toEqual([])
    },
  )

  test('has its bounds back after a kill in between and another run', async () => {
    const here = await scaled()
    here.cluster.failNext({ verb: 'patch', kind: 'HTTPRoute' }, new Error('killed'), 'after')
    await expect(here.run(second)).rejects.toThrow('killed')
    await here.run(second)
    expect(bounds(here)).toEqual([5, 9])
  })

  test('with bounds set from outside meanwhile keeps them, and the sentence says so', async () => {
    const here = await scaled()
    const { hooks, cluster } = { hooks: here.cluster.hooks, cluster: here.cluster }
    const before = hooks.onWrite
    hooks.onWrite = (one) => {
      before?.(one)
      if (one.object.kind !== 'HTTPRoute' || bounds(here)[1] !== 5) return
      const live = here.peek<HorizontalPodAutoscaler>('HorizontalPodAutoscaler', 'web', autoscaling)
      if (live !== null) cluster.put({ ...live, spec: { ...live.spec, minReplicas: 2, maxReplicas: 20 } })
    }
    const outcome = await here.run(second)
    expect(outcome.because).toContain('keeps the bounds that were set by others meanwhile: 2 to 20')
    expect(bounds(here)).toEqual([2, 20])
  })
})

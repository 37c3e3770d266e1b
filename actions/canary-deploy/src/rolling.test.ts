import type { Deployment, HorizontalPodAutoscaler, Pod } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { rollingInputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'
import { workloadAlone, workloadManifest } from './testing/workloads.ts'

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

const live = ({ cluster }: Scenario): Deployment | null =>
  kinds.flatMap((kind) => cluster.all<Deployment>(kind))[0] ?? null

const run = (here: Scenario, overrides: Partial<Given>, ports = here.runner('ALT-LAS/web/1/1')) =>
  canaryDeploy(rollingInputs({ image: v2, release: 'v1.1.0', ...overrides }), ports)

async function installed(here: Scenario): Promise<Scenario> {
  await run(here, { image: v1, release: 'v1.0.0' })
  here.settle()
  return here
}

const imageOf = (here: Scenario) => live(here)?.spec.template.spec.containers[0]?.image ?? null

/** Three ready pods, all of this image. */
function expectAtRest(here: Scenario, image: string): void {
  here.settle()
  expect(imageOf(here)).toBe(image)
  const pods = here.cluster
    .all<Pod>('Pod')
    .map((one) => [
      one.spec.containers[0]?.image,
      one.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    ])
  expect(pods).toEqual([1, 2, 3].map(() => [image, true]))
}

describe.each(kinds)('rolling a %s', (kind) => {
  test('a first installation, an update, and the same again', async () => {
    const here = scenario(workloadAlone(kind))
    const first = await run(here, { image: v1, release: 'v1.0.0' })
    expect(first).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: null }] })
    const second = await run(here, {})
    expect(second).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: v1 }] })
    expect(second.because).toBe('web v1.1.0 runs in every pod')
    expectAtRest(here, v2)
    const writes = here.cluster.writes().length
    expect(await run(here, {})).toMatchObject({ kind: 'passed', targets: [{ verdict: 'unchanged' }] })
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('a version that crashes is named with exit code and log, and the workload becomes exactly what it was', async () => {
    const here = await installed(scenario(workloadAlone(kind)))
    const before = live(here)
    here.behaviours.set(v2, 'crash')
    const begun = here.clock.elapsed()
    const outcome = await run(here, {})
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back', image: v1 }] })
    expect(outcome.because).toContain('exit code 3')
    expect(outcome.because).toContain('DATABASE_URL is not set')
    expect(here.clock.elapsed() - begun).toBeLessThan(90_000)
    expectAtRest(here, v1)
    expect(live(here)?.spec).toEqual(before?.spec)
    expect(live(here)?.metadata.labels).toEqual(before?.metadata.labels)
  })

  test('a first installation that crashes leaves nothing behind', async () => {
    const here = scenario(workloadAlone(kind))
    here.behaviours.set(v1, 'crash')
    expect(await run(here, { image: v1 })).toMatchObject({ targets: [{ verdict: 'rolled-back' }] })
    expect(live(here)).toBeNull()
  })

  test('an operation rollback returns to a recorded release', async () => {
    const here = await installed(scenario(workloadAlone(kind)))
    await run(here, {})
    await run(here, { image: v3, release: 'v1.2.0' })
    const back = { operation: 'rollback', image: null, release: null, toRelease: 'v1.0.0' } as const
    expect(await run(here, back)).toMatchObject({
      kind: 'passed',
      targets: [{ verdict: 'rolled-back', release: 'v1.0.0', image: v1 }],
    })
    expectAtRest(here, v1)
  })

  test('interrupted half-way it goes back, and the next run goes forward', async () => {
    const here = await installed(scenario(workloadAlone(kind)))
    const signal = new AbortController()
    here.cluster.hooks.onWrite = ({ object }) => {
      const pod = object.kind === 'Pod' && JSON.stringify(object).includes(v2)
      if (pod && !signal.signal.aborted) signal.abort(new Error('interrupted by SIGTERM'))
    }
    const act = run(here, {}, here.runner('ALT-LAS/web/2/1', { interrupted: signal.signal }))
    await expect(act).rejects.toThrow('interrupted by SIGTERM')
    expect(imageOf(here)).toBe(v1)
    here.cluster.hooks.onWrite = () => undefined
    expect(await run(here, {})).toMatchObject({ targets: [{ verdict: 'promoted' }] })
    expectAtRest(here, v2)
  })

  test('a workload that was changed by hand is rolled again, although the version was deployed before', async () => {
    const here = await installed(scenario(workloadAlone(kind)))
    const found = live(here) as Deployment
    const { template } = found.spec
    const containers = template.spec.containers.map((one) => ({ ...one, image: v3 }))
    const changed = { ...template, spec: { ...template.spec, containers } }
    here.cluster.put({ ...found, spec: { ...found.spec, template: changed } })
    here.settle()
    expectAtRest(here, v3)
    expect(await run(here, { image: v1, release: 'v1.0.0' })).toMatchObject({
      targets: [{ verdict: 'promoted' }],
    })
    expectAtRest(here, v1)
  })
})

describe('an autoscaler', () => {
  test('keeps the replicas that it has set, on the way there and on the way back', async () => {
    const here = await installed(scenario(workloadAlone('Deployment')))
    const autoscaler: HorizontalPodAutoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
    }
    here.cluster.put(autoscaler)
    const found = live(here) as Deployment
    here.cluster.put({ ...found, spec: { ...found.spec, replicas: 5 } })
    here.settle()
    await run(here, {})
    expect(live(here)?.spec.replicas).toBe(5)
    here.behaviours.set(v3, 'crash')
    await run(here, { image: v3, release: 'v1.2.0' })
    expect(live(here)?.spec.replicas).toBe(5)
    expect(imageOf(here)).toBe(v2)
    expect(here.cluster.all<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')[0]?.spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 9,
    })
  })
})

describe('a workload of another kind', () => {
  test('under a name that has a history is refused before the first write', async () => {
    const here = await installed(scenario(workloadAlone('Deployment')))
    const ports = {
      ...here.runner('x/1/1'),
      readManifests: () => Promise.resolve([workloadManifest('StatefulSet')]),
    }
    const writes = here.cluster.writes().length
    await expect(run(here, {}, ports)).rejects.toThrow(
      'runs as a Deployment, got a StatefulSet of the same name',
    )
    expect(here.cluster.writes()).toHaveLength(writes)
  })
})

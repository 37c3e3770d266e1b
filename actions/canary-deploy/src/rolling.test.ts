import type { Deployment, HorizontalPodAutoscaler } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { type RollingLab, rollingInputs, rollingLab } from './testing/rolling-lab.ts'

const run = (lab: RollingLab, overrides: Partial<Given>, ports = lab.runner('ALT-LAS/web/1/1')) =>
  canaryDeploy(rollingInputs({ image: v2, release: 'v1.1.0', ...overrides }), ports)

async function installed(lab: RollingLab): Promise<RollingLab> {
  await run(lab, { image: v1, release: 'v1.0.0' })
  lab.settle()
  return lab
}

const imageOf = (lab: RollingLab) => lab.live()?.spec.template.spec.containers[0]?.image ?? null

/** Three ready pods, all of this image. */
function expectAtRest(lab: RollingLab, image: string): void {
  lab.settle()
  expect(imageOf(lab)).toBe(image)
  const pods = lab
    .pods()
    .map((one) => [
      one.spec.containers[0]?.image,
      one.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    ])
  expect(pods).toEqual([1, 2, 3].map(() => [image, true]))
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

describe.each(kinds)('rolling a %s', (kind) => {
  test('a first installation, an update, and the same again', async () => {
    const lab = rollingLab(kind)
    const first = await run(lab, { image: v1, release: 'v1.0.0' })
    expect(first).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: null }] })
    const second = await run(lab, {})
    expect(second).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: v1 }] })
    expect(second.because).toBe('web v1.1.0 runs in every pod')
    expectAtRest(lab, v2)
    const writes = lab.cluster.writes().length
    expect(await run(lab, {})).toMatchObject({ kind: 'passed', targets: [{ verdict: 'unchanged' }] })
    expect(lab.cluster.writes()).toHaveLength(writes)
  })

  test('a version that crashes is named with exit code and log, and the workload becomes exactly what it was', async () => {
    const lab = await installed(rollingLab(kind))
    const before = lab.live()
    lab.crashing.add(v2)
    const begun = lab.clock.elapsed()
    const outcome = await run(lab, {})
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back', image: v1 }] })
    expect(outcome.because).toContain('exit code 3')
    expect(outcome.because).toContain('DATABASE_URL is not set')
    expect(lab.clock.elapsed() - begun).toBeLessThan(90_000)
    expectAtRest(lab, v1)
    expect(lab.live()?.spec).toEqual(before?.spec)
    expect(lab.live()?.metadata.labels).toEqual(before?.metadata.labels)
  })

  test('a first installation that crashes leaves nothing behind', async () => {
    const lab = rollingLab(kind)
    lab.crashing.add(v1)
    expect(await run(lab, { image: v1 })).toMatchObject({ targets: [{ verdict: 'rolled-back' }] })
    expect(lab.live()).toBeNull()
  })

  test('an operation rollback returns to a recorded release', async () => {
    const lab = await installed(rollingLab(kind))
    await run(lab, {})
    await run(lab, { image: v3, release: 'v1.2.0' })
    const back = { operation: 'rollback', image: null, release: null, toRelease: 'v1.0.0' } as const
    expect(await run(lab, back)).toMatchObject({
      kind: 'passed',
      targets: [{ verdict: 'rolled-back', release: 'v1.0.0', image: v1 }],
    })
    expectAtRest(lab, v1)
  })

  test('interrupted half-way it goes back, and the next run goes forward', async () => {
    const lab = await installed(rollingLab(kind))
    const signal = new AbortController()
    lab.cluster.hooks.onWrite = ({ object }) => {
      const pod = object.kind === 'Pod' && JSON.stringify(object).includes(v2)
      if (pod && !signal.signal.aborted) signal.abort(new Error('interrupted by SIGTERM'))
    }
    const act = run(lab, {}, lab.runner('ALT-LAS/web/2/1', { interrupted: signal.signal }))
    await expect(act).rejects.toThrow('interrupted by SIGTERM')
    expect(imageOf(lab)).toBe(v1)
    lab.cluster.hooks.onWrite = () => undefined
    expect(await run(lab, {})).toMatchObject({ targets: [{ verdict: 'promoted' }] })
    expectAtRest(lab, v2)
  })

  test('what somebody changed by hand is rolled again, although the version was deployed before', async () => {
    const lab = await installed(rollingLab(kind))
    const live = lab.live() as Deployment
    const { template } = live.spec
    const containers = template.spec.containers.map((one) => ({ ...one, image: v3 }))
    const changed = { ...template, spec: { ...template.spec, containers } }
    lab.cluster.put({ ...live, spec: { ...live.spec, template: changed } })
    lab.settle()
    expectAtRest(lab, v3)
    expect(await run(lab, { image: v1, release: 'v1.0.0' })).toMatchObject({
      targets: [{ verdict: 'promoted' }],
    })
    expectAtRest(lab, v1)
  })
})

describe('an autoscaler', () => {
  test('keeps the replicas that it has set, on the way there and on the way back', async () => {
    const lab = await installed(rollingLab('Deployment'))
    const autoscaler: HorizontalPodAutoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
    }
    lab.cluster.put(autoscaler)
    const live = lab.live() as Deployment
    lab.cluster.put({ ...live, spec: { ...live.spec, replicas: 5 } })
    lab.settle()
    await run(lab, {})
    expect(lab.live()?.spec.replicas).toBe(5)
    lab.crashing.add(v3)
    await run(lab, { image: v3, release: 'v1.2.0' })
    expect(lab.live()?.spec.replicas).toBe(5)
    expect(imageOf(lab)).toBe(v2)
    expect(lab.cluster.all<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')[0]?.spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 9,
    })
  })
})

describe('a workload of another kind', () => {
  test('under a name that has a history is refused before the first write', async () => {
    const lab = await installed(rollingLab('Deployment'))
    const other = rollingLab('StatefulSet')
    const ports = { ...lab.runner('x/1/1'), readManifests: () => Promise.resolve([other.manifest]) }
    const writes = lab.cluster.writes().length
    await expect(run(lab, {}, ports)).rejects.toThrow(
      'runs as a Deployment, got a StatefulSet of the same name',
    )
    expect(lab.cluster.writes()).toHaveLength(writes)
  })
})

import type { HTTPRoute, KubeObject } from '@alt-las/kubernetes'
import { faulty } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { type Fence, writeTokens, fenced, removeTokens } from '../../../packages/rollout/fencing/fence.ts'
import { fencingAnnotation } from '../../../packages/rollout/model/names.ts'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const service = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' }
const fence = (epoch: number, leftMs = 20_000): Fence => ({
  token: epoch,
  leftMs: () => leftMs,
  carriesToken: ({ kind }) => kind === 'Service',
})
const replace = { op: 'replace', path: '/spec/ports', value: [{ port: 81 }] } as const

async function served(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs({ image: v1, release: 'v1' }), here.runner('ALT-LAS/web/1/1'))
  here.settle()
  return here
}

const marks = ({ cluster }: Scenario) =>
  cluster.all().filter(({ metadata }: KubeObject) => metadata.annotations?.[fencingAnnotation] !== undefined)

describe('the fence', () => {
  test('an unmarked object is marked first: the write is for the next look', async () => {
    const { cluster } = await served()
    const own = fenced(cluster, fence(7))
    await expect(own.patch(service, [replace])).rejects.toMatchObject({ code: 'conflict' })
    await own.patch(service, [replace])
    expect(cluster.peek(service)).toMatchObject({ spec: { ports: [{ port: 81 }] } })
  })

  test('what a later run or the switch has marked is not written by any verb', async () => {
    const { cluster } = await served()
    await writeTokens([service], cluster, fence(8))
    for (const mark of ['8', 'guard-7']) {
      const path = `/metadata/annotations/${fencingAnnotation.replace('/', '~1')}`
      await cluster.patch(service, [{ op: 'replace', path, value: mark }])
      const before = JSON.stringify(cluster.peek(service))
      const old = fenced(cluster, fence(7))
      const live = cluster.peek(service) as KubeObject
      for (const operation of [
        () => old.patch(service, [replace]),
        () => old.apply(live, 'alt-las-delivery'),
        () => old.remove(service, {}),
      ])
        await expect(operation()).rejects.toMatchObject({ code: 'lease-lost' })
      expect(JSON.stringify(cluster.peek(service))).toBe(before)
    }
  })

  test('an apply after a foreign write is a conflict', async () => {
    const { cluster } = await served()
    const own = fenced(cluster, fence(7))
    const live = cluster.peek(service) as KubeObject
    cluster.hooks.beforeCall = ({ verb }) => {
      if (verb !== 'apply') return
      cluster.hooks.beforeCall = () => undefined
      cluster.put({ ...live, metadata: { ...live.metadata, labels: { by: 'somebody' } } })
    }
    await expect(own.apply({ ...live }, 'alt-las-delivery')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('the mark comes off without a trace, and only the own one', async () => {
    const { cluster } = await served()
    const before = cluster.peek<KubeObject>(service)?.metadata.annotations ?? {}
    await writeTokens([service], cluster, fence(7))
    await removeTokens([service], cluster, fence(6))
    expect(cluster.peek<KubeObject>(service)?.metadata.annotations).toMatchObject({
      [fencingAnnotation]: '7',
    })
    await removeTokens([service], cluster, fence(7))
    expect(cluster.peek<KubeObject>(service)?.metadata.annotations ?? {}).toEqual(before)
  })

  test('nothing keeps a mark when a rollout is over', async () => {
    const here = await served()
    await canaryDeploy(inputs({ image: v2, release: 'v2' }), here.runner('ALT-LAS/web/2/1'))
    expect(marks(here)).toEqual([])
    here.errors.set(v3, 0.5)
    await canaryDeploy(inputs({ image: v3, release: 'v3' }), here.runner('ALT-LAS/web/3/1'))
    expect(marks(here)).toEqual([])
  })

  test('a state that was removed by hand does not make the next run an old one', async () => {
    const here = await served()
    await writeTokens([service], here.cluster, fence(40))
    here.cluster.drop({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'alt-las-rollout-web' })
    const outcome = await canaryDeploy(inputs({ image: v2, release: 'v2' }), here.runner('ALT-LAS/web/2/1'))
    expect(outcome).toMatchObject({ kind: 'passed' })
  })
})

/** Every call of an undisturbed run with EVERY_HISTORY=1; else one in eleven of them. */
const stride = process.env['EVERY_HISTORY'] === '1' ? 1 : 11

describe('an old runner', () => {
  test('paused before any of its writes until another has taken over wakes up and changes nothing that serves', async () => {
    const calm = await takenOver(Infinity)
    expect(calm.violations).toEqual([])
    for (let at = 3; at <= calm.writes; at += stride) {
      const ended = await takenOver(at)
      expect({ at, ...ended, writes: 0 }).toEqual({ at, ...calm, writes: 0 })
    }
  }, 300_000)
})

/** A run of v2 stops before its write number `at`, one of v3 goes through, then the first one goes on. */
async function takenOver(at: number) {
  const here = await served()
  const old = faulty(here, [{ at, of: 'writes', fault: { kind: 'pause' } }])
  const first = canaryDeploy(inputs({ image: v2, release: 'v2' }), here.runner('old/1/1', old))
  const ended = first.catch((error: unknown) => error)
  await Promise.race([old.paused, ended])
  await canaryDeploy(inputs({ image: v3, release: 'v3' }), here.runner('new/1/1'))
  here.settle()
  const before = JSON.stringify(seen(here))
  old.wake()
  await ended
  expect(JSON.stringify(seen(here))).toBe(before)
  return {
    ...seen(here),
    writes: old.calls.filter(({ verb }) => ['apply', 'patch', 'remove'].includes(verb)).length,
    violations: [...new Set(here.violations)],
  }
}

/** All that serves. A creation that arrives late leaves a canary's object that no route names: the next run takes it away. */
function seen({ cluster }: Scenario) {
  const own = <T extends KubeObject>(kind: string) =>
    cluster.all<T>(kind).filter(({ metadata }) => metadata.name === 'web')
  return {
    services: own<KubeObject & { spec: { selector?: object } }>('Service').map((one) => one.spec.selector),
    routes: own<HTTPRoute>('HTTPRoute').map((one) => one.spec.rules),
    deployments: own<KubeObject & { spec: { replicas?: number; template: object } }>('Deployment').map(
      ({ spec }) => [spec.replicas, spec.template],
    ),
  }
}

import type { At, KubeObject, Service } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { routerFor } from '../router-for.ts'
import { splitFor } from '../testing/fixtures.ts'

const plan = splitFor('replicas')
const at = (kind: string, name: string, apiVersion = 'v1'): At => ({
  apiVersion,
  kind,
  namespace: 'shop',
  name,
})
const object = (where: At, rest: object, labels = {}) =>
  ({
    apiVersion: where.apiVersion,
    kind: where.kind,
    metadata: { name: where.name, namespace: 'shop', labels },
    ...rest,
  }) as unknown as KubeObject

/** Nine stable pods and so many of the canary, of which stable's Service has found `found`. */
function setUp(canary: number, found: { readonly stable: number; readonly canary: number }) {
  const deployment = (name: string, replicas: number) =>
    object(at('Deployment', name, 'apps/v1'), {
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [] } },
      },
    })
  const service = (name: string, pin: object) =>
    object(at('Service', name), { spec: { selector: { app: 'web', ...pin } } })
  const slice = (name: string, addresses: readonly string[]) =>
    object(
      at('EndpointSlice', name, 'discovery.k8s.io/v1'),
      { endpoints: addresses.map((one) => ({ addresses: [one], conditions: { ready: true } })) },
      { 'kubernetes.io/service-name': name },
    )
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`)
  const cluster = fakeCluster({
    objects: [
      deployment('web', 9),
      ...(canary === 0 ? [] : [deployment('web-canary', canary)]),
      service('web', {}),
      service('web-canary', { 'pod-template-hash': 'h2' }),
      slice('web', [...names('s', found.stable), ...names('c', found.canary)]),
      slice('web-canary', names('c', canary)),
    ],
  })
  const pin = () => cluster.peek<Service>(at('Service', 'web'))?.spec.selector?.['pod-template-hash'] ?? null
  return { cluster, pin, router: routerFor('replicas', cluster) }
}

const aim = (weight: number) => ({ weight, originals: [] })

describe('the share of pods', () => {
  test('0 is the pin to stable, 100 the pin to the canary, between both serve', async () => {
    const { router, pin } = setUp(1, { stable: 9, canary: 1 })
    const seen: unknown[] = []
    for (const percent of [0, 10, 100, 0]) {
      await router.split(plan, percent, 'h1')
      seen.push([percent, pin(), (await router.observe(plan, aim(percent))).weight])
    }
    expect(seen).toEqual([
      [0, 'h1', 0],
      [10, null, 10],
      [100, 'h2', 100],
      [0, 'h1', 0],
    ])
  })

  test.each([
    [1, 10, 'effectively 10%'],
    [4, 33.3, 'effectively 30.8%'],
    [9, 50, 'effectively 50%'],
  ])(
    '%d pods beside nine are the weight %d, and the effective share is printed',
    async (pods, weight, said) => {
      const { router } = setUp(pods, { stable: 9, canary: pods })
      const seen = await router.observe(plan, aim(weight))
      expect(seen).toMatchObject({ weight, accepted: true })
      expect(seen.because).toContain(said)
    },
  )

  test('pods that are not those of the weight are told as the share that they are', async () => {
    const { router } = setUp(3, { stable: 9, canary: 3 })
    expect((await router.observe(plan, aim(50))).weight).toBe(25)
  })

  test('it is not accepted before the endpoints are there', async () => {
    const { router } = setUp(4, { stable: 9, canary: 2 })
    expect(await router.observe(plan, aim(33.3))).toMatchObject({
      accepted: false,
      because: 'the Service does not have the endpoints of 33.3% yet: 9 stable and 2 canary endpoints',
    })
  })

  test('a selector that was changed after it was read is not overwritten', async () => {
    const { router, cluster, pin } = setUp(1, { stable: 9, canary: 1 })
    cluster.hooks.beforeCall = ({ verb }) => {
      const service = cluster.peek<Service>(at('Service', 'web')) as Service
      const spec = { ...service.spec, selector: { app: 'web', zone: 'a' } }
      if (verb === 'patch') cluster.put({ ...service, spec })
    }
    await expect(router.split(plan, 0, 'h1')).rejects.toMatchObject({ code: 'conflict' })
    expect(pin()).toBeNull()
  })

  test('the retreat is the pin to stable, from any weight', async () => {
    const { router, cluster, pin } = setUp(1, { stable: 9, canary: 1 })
    await router.split(plan, 100, 'h1')
    for (const one of await router.resetPatches(plan, 'h1')) await cluster.patch(one.at, one.operations)
    expect(pin()).toBe('h1')
  })
})

import { Failure } from '@alt-las/failure'
import type { ConfigMap, Secret } from '@alt-las/kubernetes'
import { type FakeCluster, fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { plan, rollout } from '../testing/facts.ts'
import { ensureKey as ensure, findKey } from './find-key.ts'
import { stateAt } from './journal.ts'
import { findState, findStates } from './states.ts'
import { writeState } from './state-text.ts'

const web = { namespace: 'shop', deployment: 'web' }
const secretAt = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'alt-las-rollout-key' }
const text = writeState(rollout)
const stateOf = (data: ConfigMap['data'], deployment = 'web'): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: `alt-las-rollout-${deployment}`,
    namespace: 'shop',
    labels: { 'alt-las.dev/rollout': deployment },
  },
  ...(data === undefined ? {} : { data }),
})
const holding = { keep: () => Promise.resolve(), leftMs: () => 20_000 }
const ensureKey = (namespace: string, cluster: FakeCluster, random: (length: number) => Uint8Array) =>
  ensure(namespace, { cluster, random, holding })
const ones = (length: number) => new Uint8Array(length).fill(1)
const twos = (length: number) => new Uint8Array(length).fill(2)
const signature = (cluster: FakeCluster) =>
  cluster.peek<ConfigMap>(stateAt('shop', 'web'))?.data?.['signature']

describe('the key of a namespace', () => {
  test('is made once, and kept', async () => {
    const cluster = fakeCluster()
    expect(await findKey('shop', cluster)).toBeNull()
    const key = await ensureKey('shop', cluster, ones)
    const place = { namespace: 'shop', name: 'x' }
    expect(cluster.peek<Secret>(secretAt)?.data).toEqual({ key: Buffer.from(ones(32)).toString('base64') })
    expect((await ensureKey('shop', cluster, twos)).sign(place, 'x')).toBe(key.sign(place, 'x'))
  })

  test('signs what was written before there was one', async () => {
    const cluster = fakeCluster({ objects: [stateOf({ 'rollout.json': text })] })
    expect(await findState(web, cluster)).not.toBeNull()
    await ensureKey('shop', cluster, ones)
    expect(await findState(web, cluster)).toEqual(rollout)
  })

  test('is that of the faster of two runs', async () => {
    const cluster = fakeCluster({ objects: [stateOf({ 'rollout.json': text })] })
    let raced = false
    cluster.hooks.beforeCall = async ({ verb, at }) => {
      if (verb !== 'patch' || at.kind !== 'Secret' || raced) return
      raced = true
      await ensureKey('shop', cluster, twos)
    }
    const slower = await ensureKey('shop', cluster, ones)
    const place = { namespace: 'shop', name: 'alt-las-rollout-web' }
    expect(cluster.peek<Secret>(secretAt)?.data?.['key']).toBe(Buffer.from(twos(32)).toString('base64'))
    expect(signature(cluster)).toBe(slower.sign(place, text))
    expect(await findState(web, cluster)).toEqual(rollout)
  })

  test.each([
    ['before it has one', 'Secret', 0],
    ['before it has signed', 'ConfigMap', 0],
    ['before it says that all is signed', 'Secret', 1],
  ] as const)(
    'of a run that is killed %s leaves states that can be read, and the next run finishes',
    async (_, kind, earlier) => {
      const cluster = fakeCluster({ objects: [stateOf({ 'rollout.json': text })] })
      let left: number = earlier
      cluster.hooks.beforeCall = ({ verb, at }) => {
        if (verb !== 'patch' || at.kind !== kind) return
        if (left === 0) throw new Error('killed')
        left -= 1
      }
      await expect(ensureKey('shop', cluster, ones)).rejects.toThrow('killed')
      cluster.hooks.beforeCall = () => undefined
      expect(await findState(web, cluster)).toEqual(rollout)
      await ensureKey('shop', cluster, twos)
      expect(Object.keys(cluster.peek<Secret>(secretAt)?.data ?? {})).toEqual(['key'])
      expect(await findState(web, cluster)).toEqual(rollout)
    },
  )

  test('whose answer is lost is read back', async () => {
    const cluster = fakeCluster({ objects: [stateOf({ 'rollout.json': text })] })
    cluster.failNext(
      { verb: 'patch', kind: 'Secret' },
      new Failure('timeout', 'no answer', { fault: 'outside' }),
      'after',
    )
    await ensureKey('shop', cluster, ones)
    expect(await findState(web, cluster)).toEqual(rollout)
  })

  test('that is none is an error with its remedy', async () => {
    const cluster = fakeCluster({
      objects: [
        {
          ...secretAt,
          metadata: { name: secretAt.name, namespace: 'shop' },
          data: { key: 'AAAA' },
        } as Secret,
      ],
    })
    await expect(findKey('shop', cluster)).rejects.toMatchObject({
      code: 'bad-state',
      message: expect.stringContaining('3 bytes'),
    })
  })
})

describe('a state that somebody without the key has written', () => {
  async function signed() {
    const cluster = fakeCluster({ objects: [stateOf({ 'rollout.json': text })] })
    await ensureKey('shop', cluster, ones)
    return cluster
  }
  const privileged = {
    ...plan.desired,
    spec: { ...plan.desired.spec, template: { spec: { containers: [{ name: 'web', image: 'evil' }] } } },
  }
  const forged = writeState({ ...rollout, plan: { ...plan, desired: privileged } })

  test.each([
    ['changed', (was: string | undefined) => ({ 'rollout.json': forged, signature: was ?? '' })],
    ['without a signature', () => ({ 'rollout.json': forged })],
    ['with one of another length', () => ({ 'rollout.json': forged, signature: 'AA' })],
  ])('%s is refused by name', async (_, data) => {
    const cluster = await signed()
    cluster.put(stateOf(data(signature(cluster))))
    await expect(findState(web, cluster)).rejects.toMatchObject({
      code: 'bad-state',
      message: expect.stringContaining('is not signed with the key in Secret alt-las-rollout-key'),
    })
  })

  test('that is signed for another target is refused', async () => {
    const cluster = await signed()
    const other = writeState({
      ...rollout,
      plan: { ...plan, deployment: 'api', desired: { ...plan.desired, metadata: { name: 'api' } } },
    })
    cluster.put(stateOf({ 'rollout.json': other, signature: signature(cluster) ?? '' }, 'api'))
    const found = await findStates({ namespace: 'shop', deployment: null }, cluster)
    expect(found.states.map((one) => one.plan.deployment)).toEqual(['web'])
    expect(found.unreadable.map((one) => one.deployment)).toEqual(['api'])
  })

  test('that holds the workload of another target is refused even before there is a key', async () => {
    const elsewhere = { ...plan.desired, metadata: { name: 'db', namespace: 'payments' } }
    const cluster = fakeCluster({
      objects: [
        stateOf({ 'rollout.json': writeState({ ...rollout, plan: { ...plan, desired: elsewhere } }) }),
      ],
    })
    await expect(findState(web, cluster)).rejects.toThrow('is that of Deployment payments/db')
  })
})

import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { ConfigMap, Deployment } from '@alt-las/kubernetes'
import { fakeCluster } from './api-server.ts'

const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'c' }
const map = (data: Record<string, string>, more: object = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'ns', ...more },
  data,
})
const deployment = (env: { name: string; value: string }[], replicas?: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', namespace: 'ns' },
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: { app: 'd' } },
    template: {
      metadata: { labels: { app: 'd' } },
      spec: { containers: [{ name: 'a', image: 'x', env }] },
    },
  },
})

describe('fakeCluster', () => {
  test('what is not there is null, a list is empty', async () => {
    const cluster = fakeCluster()
    expect(await cluster.get(at)).toBeNull()
    expect(await cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' })).toEqual([])
  })

  test('a write that changes nothing changes no version, a change of the desired state raises the generation', async () => {
    const cluster = fakeCluster()
    const first = await cluster.apply(deployment([], 1), 'm')
    expect(await cluster.apply(deployment([], 1), 'm')).toEqual(first)
    const second = await cluster.apply(deployment([], 2), 'm')
    expect(second.metadata).toMatchObject({ uid: first.metadata.uid, generation: 2 })
    expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion)
  })

  test('apply drops what this manager no longer says, and keeps what others say', async () => {
    const cluster = fakeCluster()
    await cluster.apply(map({ a: '1', b: '1' }), 'one')
    await cluster.apply(map({ c: '1' }), 'two')
    expect((await cluster.apply(map({ a: '1' }), 'one')).data).toEqual({ a: '1', c: '1' })
  })

  test('apply merges containers and env by name', async () => {
    const cluster = fakeCluster()
    await cluster.apply(
      deployment(
        [
          { name: 'A', value: '1' },
          { name: 'B', value: '1' },
        ],
        3,
      ),
      'one',
    )
    await cluster.apply(deployment([{ name: 'C', value: '1' }]), 'two')
    const merged = await cluster.apply(deployment([{ name: 'A', value: '2' }], 2), 'one')
    const { spec } = merged
    expect(spec.replicas).toBe(2)
    expect(spec.template.spec.containers).toEqual([
      {
        name: 'a',
        image: 'x',
        env: [
          { name: 'A', value: '2' },
          { name: 'C', value: '1' },
        ],
      },
    ])
  })

  test('a stale version, a failed test and a wrong precondition are conflicts', async () => {
    const cluster = fakeCluster({ objects: [map({ a: '1' })] })
    const conflict = { code: 'conflict' }
    await expect(cluster.apply(map({}, { resourceVersion: '1' }), 'm')).rejects.toMatchObject(conflict)
    const patch = cluster.patch(at, [
      { op: 'test', path: '/data/a', value: '2' },
      { op: 'replace', path: '/data/a', value: '3' },
    ])
    await expect(patch).rejects.toMatchObject(conflict)
    await expect(cluster.remove(at, { uid: 'other' })).rejects.toMatchObject(conflict)
    expect(cluster.peek<ConfigMap>(at)?.data).toEqual({ a: '1' })
  })

  test('a caller can be refused before the operation and killed after it', async () => {
    const cluster = fakeCluster({ objects: [map({ a: '1' })] })
    cluster.failNext({ verb: 'patch' }, new Failure('forbidden', 'no', { fault: 'outside' }))
    const raise = () => cluster.patch<ConfigMap>(at, [{ op: 'replace', path: '/data/a', value: '2' }])
    await expect(raise()).rejects.toMatchObject({ code: 'forbidden' })
    cluster.failNext({ kind: 'ConfigMap' }, new Error('killed'), 'after')
    await expect(raise()).rejects.toThrow('killed')
    expect(cluster.peek<ConfigMap>(at)?.data).toEqual({ a: '2' })
    expect(cluster.writes()).toHaveLength(2)
  })

  test('what an object owns goes with it', async () => {
    const owner = fakeCluster({ objects: [map({})] })
    const uid = owner.peek(at)?.metadata.uid ?? ''
    owner.put(map({}, { name: 'owned', ownerReferences: [{ kind: 'ConfigMap', name: 'c', uid }] }))
    await owner.remove(at, {})
    expect(owner.all()).toEqual([])
  })

  test.each([
    ['app=a', true],
    ['app=b', false],
    ['app!=b,app', true],
    ['!app', false],
    ['app in (a, b),!x', true],
    ['app notin (a)', false],
  ])('the selector %s fits: %s', async (labelSelector, fits) => {
    const cluster = fakeCluster({ objects: [map({}, { labels: { app: 'a' } })] })
    expect(await cluster.list({ ...at, labelSelector })).toHaveLength(fits ? 1 : 0)
  })

  test('a watch gives the existing objects, then every change, until it is stopped', async () => {
    const cluster = fakeCluster({ objects: [map({ a: '1' })] })
    const stop = new AbortController()
    const seen: string[] = []
    for await (const { type } of cluster.watch({ apiVersion: 'v1', kind: 'ConfigMap' }, stop.signal)) {
      seen.push(type)
      if (type === 'added') await cluster.apply(map({ a: '2' }), 'm')
      else if (type === 'modified') await cluster.remove(at, {})
      else if (type === 'deleted') stop.abort()
    }
    expect(seen).toEqual(['added', 'alive', 'modified', 'deleted'])
  })
})

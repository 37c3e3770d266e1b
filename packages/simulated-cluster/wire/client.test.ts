import { describe, expect, test } from '@jest/globals'
import type { ConfigMap, KubeObject } from '@alt-las/kubernetes'
import { client, type FaultPlan, simulate } from '../index.ts'

const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c' }
const map = (count: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'default' },
  data: { count },
})
const swap = [
  { op: 'test', path: '/data/count', value: '0' },
  { op: 'replace', path: '/data/count', value: '1' },
] as const

function world(plan: FaultPlan = []) {
  const simulation = simulate({ objects: [map('0')] })
  return { ...client(simulation, plan), simulation }
}

describe('the real client in front of the simulated server', () => {
  test('reads, writes and refuses as in production', async () => {
    const { cluster } = world()
    expect(await cluster.get({ ...at, name: 'none' })).toBeNull()
    expect((await cluster.list(at)).map(({ metadata }) => metadata.name)).toEqual(['c'])
    expect((await cluster.patch<ConfigMap>(at, swap)).data).toEqual({ count: '1' })
    await expect(cluster.patch(at, swap)).rejects.toMatchObject({ code: 'conflict' })
    await expect(cluster.remove(at, { uid: 'no' })).rejects.toMatchObject({ code: 'conflict' })
    expect((await cluster.apply(map('2'), 'me')).data).toEqual({ count: '2' })
    expect(await cluster.may([{ verb: 'get', resource: 'pods', group: '' }])).toEqual([])
    await cluster.remove(at, {})
    await cluster.remove(at, {})
  })

  test('a read is tried again under the virtual clock, as long as the server asks', async () => {
    const fault = { kind: 'status', status: 429, retryAfterMs: 7000 } as const
    const { cluster, clock, requests } = world([{ at: 1, fault, times: 2 }])
    expect(await cluster.get(at)).not.toBeNull()
    expect([requests.length, clock.elapsed()]).toEqual([3, 14_000])
  })

  test('a compare-and-swap whose answer is lost is never sent twice', async () => {
    const { cluster, requests, simulation } = world([
      { at: 1, fault: { kind: 'lost', how: 'timeout', when: 'after' } },
    ])
    await expect(cluster.patch(at, swap)).rejects.toMatchObject({ code: 'timeout' })
    expect([requests.length, simulation.cluster.peek<ConfigMap>(at)?.data]).toEqual([1, { count: '1' }])
  })

  test('five failures in a row are one Failure that says how many tries it took', async () => {
    const { cluster } = world([{ at: 1, fault: { kind: 'status', status: 503 }, times: 5 }])
    await expect(cluster.get(at)).rejects.toThrow('failed after 5 tries')
  })

  test('a watch gives the existing objects, then every change', async () => {
    const { cluster, simulation } = world()
    const stop = new AbortController()
    const told: string[] = []
    for await (const seen of cluster.watch<KubeObject>({ ...at, labelSelector: '' }, stop.signal)) {
      if (!('object' in seen)) {
        if (told.length === 1) setImmediate(() => void simulation.cluster.put(map('5')))
        continue
      }
      told.push(`${seen.type} ${seen.object.metadata.name}`)
      if (seen.type === 'modified')
        setImmediate(() => {
          simulation.cluster.drop(at)
        })
      if (seen.type === 'deleted') stop.abort()
    }
    expect(told).toEqual(['added c', 'modified c', 'deleted c'])
  })
})

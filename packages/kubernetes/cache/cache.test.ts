import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { fakeClock } from '@alt-las/testing'
import type { At, Cluster, Seen } from '../types/cluster.ts'
import { mirrored } from './cache.ts'
import type { KubeObject } from '../types/objects.ts'

const maps: At = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns' }
const at: At = { ...maps, name: 'a' }
const map = (name: string, data: object = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'ns' }, data }) as KubeObject
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name)
const lost = new Failure('timeout', 'no answer', { fault: 'outside' })

function world(watched: readonly At[] = [maps]) {
  const cluster = fakeCluster({ objects: [map('b'), map('a')] })
  const clock = fakeClock()
  const told: string[] = []
  const mirror = mirrored(cluster, watched, { clock, tell: (line) => told.push(line) })
  const calls = () => cluster.calls.map(({ verb }) => verb)
  return { cluster, clock, mirror, told, calls }
}

/** The watch gets its turn. */
const delivered = () => new Promise((resolve) => setImmediate(resolve))

describe('a mirror', () => {
  test('answers what is watched from one watch, in the order of the server, and passes the rest through', async () => {
    const { mirror, calls, cluster } = world()
    expect(names(await mirror.list(maps))).toEqual(['a', 'b'])
    expect(await mirror.get({ ...maps, name: 'nope' })).toBeNull()
    cluster.put(map('c'))
    await delivered()
    expect(names(await mirror.list(maps))).toEqual(['a', 'b', 'c'])
    cluster.drop(at)
    await delivered()
    expect(await mirror.get(at)).toBeNull()
    expect(calls()).toEqual(['watch'])
    await mirror.list({ ...maps, kind: 'Secret' })
    expect(calls()).toEqual(['watch', 'list'])
    expect([mirror.synced(at), mirror.synced({ ...maps, kind: 'Secret' })]).toEqual([true, false])
  })

  test('an own write is seen at once, before the watch tells', async () => {
    const { mirror, calls } = world()
    await mirror.list(maps)
    const written = await mirror.patch(at, [{ op: 'add', path: '/data', value: { x: '1' } }])
    expect(await mirror.get(at)).toEqual(written)
    await mirror.apply(map('new'), 'me')
    expect(names(await mirror.list(maps))).toEqual(['a', 'b', 'new'])
    expect(calls()).toEqual(['watch', 'patch', 'apply'])
  })

  test('what was removed is asked for once, and hidden as soon as it is gone', async () => {
    const { mirror, calls } = world()
    await mirror.list(maps)
    await mirror.remove(at, {})
    expect(names(await mirror.list(maps))).toEqual(['b'])
    expect(names(await mirror.list(maps))).toEqual(['b'])
    expect(calls()).toEqual(['watch', 'remove', 'get'])
  })

  test('what is on its way out is still shown', async () => {
    const { mirror, cluster } = world()
    await mirror.list(maps)
    const ending = { ...map('a'), metadata: { ...map('a').metadata, deletionTimestamp: 'now' } }
    cluster.hooks.beforeCall = ({ verb }) => void (verb === 'remove' && cluster.put(ending))
    cluster.failNext({ verb: 'remove' }, lost)
    await expect(mirror.remove(at, {})).rejects.toThrow('no answer')
    expect((await mirror.get(at))?.metadata.deletionTimestamp).toBe('now')
  })

  test.each(['before', 'after'] as const)(
    'a write without an answer, lost %s it was done: the server is asked',
    async (when) => {
      const { mirror, cluster, calls } = world()
      await mirror.list(maps)
      cluster.failNext({ verb: 'apply' }, lost, when)
      await expect(mirror.apply(map('a', { x: '1' }), 'me')).rejects.toThrow('no answer')
      expect(await mirror.get(at)).toEqual(cluster.peek(at))
      await mirror.get(at)
      expect(calls()).toEqual(['watch', 'apply', 'get'])
    },
  )

  test('changed resolves at a change, also at one from before it was asked, else after the time', async () => {
    const { cluster } = world()
    const timeless = { ...fakeClock(), sleep: () => new Promise<void>(() => undefined) }
    const mirror = mirrored(cluster, [maps], { clock: timeless })
    await mirror.list(maps)
    cluster.put(map('c'))
    await delivered()
    await mirror.changed(5000)
    const both = Promise.all([mirror.changed(5000), mirror.changed(9000)])
    await delivered()
    cluster.drop(at)
    await both
    const { mirror: quiet, clock } = world()
    await quiet.list(maps)
    await quiet.changed(5000)
    expect(clock.slept).toEqual([5000])
  })

  test('changed ends with the reason of its signal', async () => {
    const { mirror } = world()
    await expect(mirror.changed(5000, AbortSignal.abort(new Error('SIGINT')))).rejects.toThrow('SIGINT')
  })

  test('a watch that is not allowed is told once, and everything is read through', async () => {
    const { mirror, cluster, calls, told, clock } = world()
    cluster.failNext({ verb: 'watch' }, new Failure('forbidden', 'no', { fault: 'input' }))
    expect(names(await mirror.list(maps))).toEqual(['a', 'b'])
    clock.advance(1e9)
    await mirror.get(at)
    expect(calls()).toEqual(['watch', 'list', 'get'])
    expect(told).toEqual(['ConfigMap ns is read at every look, since it cannot be watched: no'])
    await mirror.changed(60_000)
    await mirror.changed(60_000)
    expect(clock.slept.at(-1)).toBe(1000)
  })

  test('a watch that broke is begun again after a while, with a new copy', async () => {
    const { mirror, cluster, calls, clock } = world()
    cluster.failNext({ verb: 'watch' }, lost)
    await mirror.get(at)
    await mirror.get(at)
    clock.advance(10_000)
    await mirror.get(at)
    await mirror.get(at)
    expect(calls()).toEqual(['watch', 'get', 'get', 'watch'])
  })

  test('a copy whose watch is silent for a minute is not shown as the truth', async () => {
    const { mirror, cluster, calls, clock } = world()
    await mirror.list(maps)
    clock.advance(60_001)
    expect([mirror.synced(maps), (await mirror.get(at)) !== null]).toEqual([false, true])
    expect(calls()).toEqual(['watch', 'get'])
    cluster.put(map('c'))
    await delivered()
    await mirror.get(at)
    expect([mirror.synced(maps), calls()]).toEqual([true, ['watch', 'get']])
  })

  test('while its watch is cut off a copy is not shown, though the cut is short', async () => {
    const words: ('lost' | 'alive')[] = []
    let wake = (): void => undefined
    const cluster = fakeCluster({ objects: [map('a')] })
    const cut: Cluster = {
      ...cluster,
      watch: async function* () {
        yield { type: 'alive' }
        for (;;) {
          await new Promise<void>((resolve) => (wake = resolve))
          for (const type of words.splice(0)) yield { type }
        }
      },
    }
    const mirror = mirrored(cut, [maps], { clock: fakeClock() })
    expect([await mirror.list(maps), mirror.synced(maps)]).toEqual([[], true])
    words.push('lost')
    wake()
    await delivered()
    expect([names(await mirror.list(maps)), mirror.synced(maps)]).toEqual([['a'], false])
    words.push('alive')
    wake()
    await delivered()
    expect(mirror.synced(maps)).toBe(true)
  })

  test('after close it is the cluster itself', async () => {
    const { mirror, calls } = world()
    await mirror.list(maps)
    mirror.close()
    await delivered()
    await mirror.list(maps)
    expect(calls()).toEqual(['watch', 'list'])
  })

  test('an older word of the watch never hides an own write', async () => {
    const queue: Seen<KubeObject>[] = []
    let wake = (): void => undefined
    const versioned = (version: string) => ({
      ...map('a'),
      metadata: { ...map('a').metadata, uid: 'u', resourceVersion: version },
    })
    const late: Cluster = {
      ...fakeCluster(),
      patch: () => Promise.resolve(versioned('10')) as never,
      watch: async function* () {
        yield { type: 'added', object: versioned('5') } as never
        yield { type: 'alive' }
        for (;;) {
          await new Promise<void>((resolve) => (wake = resolve))
          for (const seen of queue.splice(0)) yield seen as never
        }
      },
    }
    const mirror = mirrored(late, [maps], { clock: fakeClock() })
    const version = async () => (await mirror.get(at))?.metadata.resourceVersion
    expect(await version()).toBe('5')
    await mirror.patch(at, [])
    for (const [told, expected] of [
      ['9', '10'],
      ['10', '10'],
      ['11', '11'],
    ] as const) {
      queue.push({ type: 'modified', object: versioned(told) })
      wake()
      await delivered()
      expect(await version()).toBe(expected)
    }
  })
})

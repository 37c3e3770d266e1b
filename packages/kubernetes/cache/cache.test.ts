import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { fakeClock } from '@alt-las/testing'
import type { At, Cluster, WatchEvent } from '../types/cluster.ts'
import { cached, sharedCache } from './cache.ts'
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
  const logged: string[] = []
  const cache = cached(cluster, watched, { clock, log: (line) => logged.push(line) })
  const calls = () => cluster.calls.map(({ verb }) => verb)
  return { cluster, clock, cache, logged, calls }
}

/** The watch gets its turn. */
const delivered = () => new Promise((resolve) => setImmediate(resolve))

describe('a cache', () => {
  test('answers what is watched from one watch, in the order of the server, and passes the rest through', async () => {
    const { cache, calls, cluster } = world()
    expect(names(await cache.list(maps))).toEqual(['a', 'b'])
    expect(await cache.get({ ...maps, name: 'nope' })).toBeNull()
    cluster.put(map('c'))
    await delivered()
    expect(names(await cache.list(maps))).toEqual(['a', 'b', 'c'])
    cluster.drop(at)
    await delivered()
    expect(await cache.get(at)).toBeNull()
    expect(calls()).toEqual(['watch'])
    await cache.list({ ...maps, kind: 'Secret' })
    expect(calls()).toEqual(['watch', 'list'])
    expect([cache.synced(at), cache.synced({ ...maps, kind: 'Secret' })]).toEqual([true, false])
  })

  test('an own write is seen at once, before its watch event arrives', async () => {
    const { cache, calls } = world()
    await cache.list(maps)
    const written = await cache.patch(at, [{ op: 'add', path: '/data', value: { x: '1' } }])
    expect(await cache.get(at)).toEqual(written)
    await cache.apply(map('new'), 'me')
    expect(names(await cache.list(maps))).toEqual(['a', 'b', 'new'])
    expect(calls()).toEqual(['watch', 'patch', 'apply'])
  })

  test('what was removed is asked for once, and hidden as soon as it is gone', async () => {
    const { cache, calls } = world()
    await cache.list(maps)
    await cache.remove(at, {})
    expect(names(await cache.list(maps))).toEqual(['b'])
    expect(names(await cache.list(maps))).toEqual(['b'])
    expect(calls()).toEqual(['watch', 'remove', 'get'])
  })

  test('what is on its way out is still shown', async () => {
    const { cache, cluster } = world()
    await cache.list(maps)
    const ending = { ...map('a'), metadata: { ...map('a').metadata, deletionTimestamp: 'now' } }
    cluster.hooks.beforeCall = ({ verb }) => void (verb === 'remove' && cluster.put(ending))
    cluster.failNext({ verb: 'remove' }, lost)
    await expect(cache.remove(at, {})).rejects.toThrow('no answer')
    expect((await cache.get(at))?.metadata.deletionTimestamp).toBe('now')
  })

  test.each(['before', 'after'] as const)(
    'a write without an answer, lost %s it was done: the server is asked',
    async (when) => {
      const { cache, cluster, calls } = world()
      await cache.list(maps)
      cluster.failNext({ verb: 'apply' }, lost, when)
      await expect(cache.apply(map('a', { x: '1' }), 'me')).rejects.toThrow('no answer')
      expect(await cache.get(at)).toEqual(cluster.peek(at))
      await cache.get(at)
      expect(calls()).toEqual(['watch', 'apply', 'get'])
    },
  )

  test('changed resolves at a change, also at one from before it was asked, else after the time', async () => {
    const { cluster } = world()
    const timeless = { ...fakeClock(), sleep: () => new Promise<void>(() => undefined) }
    const cache = cached(cluster, [maps], { clock: timeless })
    await cache.list(maps)
    cluster.put(map('c'))
    await delivered()
    await cache.changed(5000)
    const both = Promise.all([cache.changed(5000), cache.changed(9000)])
    await delivered()
    cluster.drop(at)
    await both
    const { cache: quiet, clock } = world()
    await quiet.list(maps)
    await quiet.changed(5000)
    expect(clock.slept).toEqual([5000])
  })

  test('changed ends with the reason of its signal', async () => {
    const { cache } = world()
    await expect(cache.changed(5000, AbortSignal.abort(new Error('SIGINT')))).rejects.toThrow('SIGINT')
  })

  test('a watch that is not allowed is logged once, and everything is read through', async () => {
    const { cache, cluster, calls, logged, clock } = world()
    cluster.failNext({ verb: 'watch' }, new Failure('forbidden', 'no', { fault: 'input' }))
    expect(names(await cache.list(maps))).toEqual(['a', 'b'])
    clock.advance(1e9)
    await cache.get(at)
    expect(calls()).toEqual(['watch', 'list', 'get'])
    expect(logged).toEqual(['cannot watch ConfigMap ns, so it is read at every observation: no'])
    await cache.changed(60_000)
    await cache.changed(60_000)
    expect(clock.slept.at(-1)).toBe(1000)
  })

  test('a watch that broke is begun again after a while, with a new copy', async () => {
    const { cache, cluster, calls, clock } = world()
    cluster.failNext({ verb: 'watch' }, lost)
    await cache.get(at)
    await cache.get(at)
    clock.advance(10_000)
    await cache.get(at)
    await cache.get(at)
    expect(calls()).toEqual(['watch', 'get', 'get', 'watch'])
  })

  test('a copy whose watch is silent for a minute is not shown as the truth', async () => {
    const { cache, cluster, calls, clock } = world()
    await cache.list(maps)
    clock.advance(60_001)
    expect([cache.synced(maps), (await cache.get(at)) !== null]).toEqual([false, true])
    expect(calls()).toEqual(['watch', 'get'])
    cluster.put(map('c'))
    await delivered()
    await cache.get(at)
    expect([cache.synced(maps), calls()]).toEqual([true, ['watch', 'get']])
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
    const cache = cached(cut, [maps], { clock: fakeClock() })
    expect([await cache.list(maps), cache.synced(maps)]).toEqual([[], true])
    words.push('lost')
    wake()
    await delivered()
    expect([names(await cache.list(maps)), cache.synced(maps)]).toEqual([['a'], false])
    words.push('alive')
    wake()
    await delivered()
    expect(cache.synced(maps)).toBe(true)
  })

  test('after close it is the cluster itself', async () => {
    const { cache, calls } = world()
    await cache.list(maps)
    cache.close()
    await delivered()
    await cache.list(maps)
    expect(calls()).toEqual(['watch', 'list'])
  })

  test('an older word of the watch never hides an own write', async () => {
    const queue: WatchEvent<KubeObject>[] = []
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
    const cache = cached(late, [maps], { clock: fakeClock() })
    const version = async () => (await cache.get(at))?.metadata.resourceVersion
    expect(await version()).toBe('5')
    await cache.patch(at, [])
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

describe('a cache that several share', () => {
  test('watches each place once, and tells each part of its own changes only', async () => {
    const cluster = fakeCluster({ objects: [map('a'), map('b')] })
    const timeless = { ...fakeClock(), sleep: () => new Promise<void>(() => undefined) }
    const shared = sharedCache(cluster, [maps], { clock: timeless })
    const other = { ...maps, name: 'b' }
    const parts = [shared.part([at]), shared.part([other])] as const
    await Promise.all([parts[0].get(at), parts[1].get(other)])
    cluster.put(map('a', { news: 'first' }))
    cluster.put(map('b', { news: 'first' }))
    await delivered()
    await Promise.all(parts.map((part) => part.changed(5000)))
    let told = 0
    const waiting = parts[0].changed(5000).then(() => (told += 1))
    cluster.put(map('b', { news: 'second' }))
    await delivered()
    await parts[1].changed(5000)
    expect(told).toBe(0)
    cluster.put(map('a', { news: 'second' }))
    await waiting
    expect(cluster.calls.map(({ verb }) => verb)).toEqual(['watch'])
    shared.close()
  })
})

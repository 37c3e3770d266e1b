import { describe, expect, test } from '@jest/globals'
import type { ConfigMap } from '@alt-las/kubernetes'
import { interleave, killPoints, type Schedule, schedules } from '@alt-las/model-checker'
import { type Fault, faulty, fingerprint, type Lane, simulate, untilDeath } from '../index.ts'

const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'counter' }
const counter = (count: number): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'counter', namespace: 'default' },
  data: { count: String(count) },
})
const world = () => simulate({ objects: [counter(0)] })
type World = ReturnType<typeof world>
const countOf = ({ cluster }: World) => cluster.peek<ConfigMap>(at)?.data?.['count']

/** Reads, waits, and writes what it read plus one: by compare-and-swap, or not. */
const raise =
  (safe: boolean) =>
  async ({ cluster, clock }: Lane): Promise<string> => {
    const found = await cluster.get<ConfigMap>(at)
    await clock.sleep(1000)
    const count = found?.data?.['count'] ?? ''
    const test = safe ? [{ op: 'test', path: '/data/count', value: count } as const] : []
    const value = String(Number(count) + 1)
    const written = await cluster.patch<ConfigMap>(at, [
      ...test,
      { op: 'replace', path: '/data/count', value },
    ])
    return written.data?.['count'] ?? ''
  }

const struck = async (fault: Fault, call: number, one = world()) => {
  const lane = faulty(one, [{ at: call, fault }])
  const end = await untilDeath(lane, raise(true))
  return { end, count: countOf(one), ms: one.clock.elapsed(), lane }
}

describe('faulty', () => {
  test.each([
    [{ kind: 'kill', when: 'before' }, '0'],
    [{ kind: 'kill', when: 'after' }, '1'],
  ] as const)('a runner killed by %j never ends, and its operation is done or not', async (fault, count) => {
    const { end, count: left, lane } = await struck(fault, 2)
    expect([end.kind, left]).toEqual(['killed', count])
    const outcome = await Promise.race([
      lane.cluster.get(at),
      new Promise((go) =>
        setImmediate(() => {
          go('silence')
        }),
      ),
    ])
    expect(outcome).toBe('silence')
  })

  test.each([
    [403, 'forbidden', 1000],
    [404, 'not-found', 1000],
    [409, 'conflict', 1000],
    [410, 'gone', 1000],
    [422, 'invalid', 1000],
    [429, 'unavailable', 8500],
    [503, 'unavailable', 1000],
  ])(
    'status %i at a compare-and-swap is Failure %s, after the tries of the real client',
    async (status, code, ms) => {
      const seen = await struck({ kind: 'status', status }, 2)
      expect(seen).toMatchObject({ end: { kind: 'threw', error: { code } }, count: '0', ms })
    },
  )

  test('a read is tried again for 7.5 s where it may heal', async () => {
    expect(await struck({ kind: 'status', status: 500 }, 1)).toMatchObject({
      end: { kind: 'threw' },
      ms: 7500,
    })
  })

  test('an answer that is lost leaves open whether it was done', async () => {
    const before = await struck({ kind: 'lost', how: 'timeout', when: 'before' }, 2)
    const after = await struck({ kind: 'lost', how: 'timeout', when: 'after' }, 2)
    expect([before.count, after.count]).toEqual(['0', '1'])
    expect(before).toMatchObject({ end: { error: { code: 'timeout' } }, ms: 16_000 })
    expect(after).toMatchObject({ end: { error: { code: 'timeout' } }, ms: 16_000 })
  })

  test('a stale read meets the compare-and-swap', async () => {
    const one = world()
    one.cluster.put(counter(7))
    expect(await struck({ kind: 'stale', writes: 1 }, 1, one)).toMatchObject({
      end: { error: { code: 'conflict' } },
      count: '7',
    })
  })

  test('another writer may change or remove the object just before the call', async () => {
    const changed = await struck({ kind: 'meddle', operation: (cluster) => void cluster.put(counter(5)) }, 2)
    expect(changed).toMatchObject({ end: { error: { code: 'conflict' } }, count: '5' })
    const removed = await struck(
      {
        kind: 'meddle',
        operation: (cluster) => {
          cluster.drop(at)
        },
      },
      2,
    )
    expect(removed).toMatchObject({ end: { error: { code: 'not-found' } } })
  })

  test('a paused runner makes neither this call nor any other until it is woken', async () => {
    const one = world()
    const lane = faulty(one, [{ at: 1, of: 'writes', fault: { kind: 'pause' } }])
    const end = untilDeath(lane, raise(true))
    await lane.paused
    const other = lane.cluster.get<ConfigMap>(at)
    await one.clock.sleep(60_000)
    one.cluster.put(counter(9))
    expect(lane.calls.map(({ verb }) => verb)).toEqual(['get', 'patch'])
    lane.wake()
    expect(await end).toMatchObject({ kind: 'threw', error: { code: 'conflict' } })
    expect(await other).toMatchObject({ data: { count: '9' } })
  })

  test('a slow answer takes its time', async () => {
    expect(await struck({ kind: 'slow', ms: 5000 }, 1)).toMatchObject({ end: { kind: 'returned' }, ms: 6000 })
  })
})

describe('killPoints', () => {
  test('keep the world before and after each call, for fresh runners', async () => {
    const { points, end } = await killPoints(world(), raise(true))
    expect(end).toEqual({ kind: 'returned', value: '1' })
    expect(points.map(({ at: number, when, call }) => `${number} ${when} ${call.verb}`)).toEqual([
      '1 before get',
      '1 after get',
      '2 before patch',
      '2 after patch',
    ])
    expect(new Set(points.map(({ snapshot }) => fingerprint(snapshot))).size).toBe(3)
    const counts = await Promise.all(
      points.map(async ({ snapshot }) => {
        const fork = simulate({ from: snapshot })
        await raise(true)(faulty(fork))
        return countOf(fork)
      }),
    )
    expect(counts).toEqual(['1', '1', '1', '2'])
  })
})

describe('interleave', () => {
  const played = async (schedule: Schedule, safe: boolean) => {
    const one = world()
    const result = await interleave(one, [raise(safe), raise(safe)], schedule)
    const done = result.ends.filter(({ kind }) => kind === 'returned').length
    return { ...result, done, count: Number(countOf(one)), ms: one.clock.elapsed() }
  }

  test('with up to three switches finds the lost update, and none where the write is a compare-and-swap', async () => {
    const histories = [...schedules({ steps: 6, switches: 3 })]
    expect(histories).toHaveLength(2 * (1 + 5 + 10 + 10))
    const loose = await Promise.all(histories.map((one) => played(one, false)))
    const safe = await Promise.all(histories.map((one) => played(one, true)))
    expect(loose.some(({ done, count }) => count < done)).toBe(true)
    expect(safe.every(({ done, count }) => count === done)).toBe(true)
    expect(safe.some(({ done }) => done === 1)).toBe(true)
    expect(Math.max(...safe.map(({ switches }) => switches))).toBeLessThanOrEqual(4)
  })

  test('the same seed gives the same history, another seed another one', async () => {
    const steps = async (seed: number) => JSON.stringify((await played({ kind: 'random', seed }, true)).steps)
    expect(await steps(7)).toBe(await steps(7))
    const others = await Promise.all([1, 2, 3, 4, 5, 6].map(steps))
    expect(new Set(others).size).toBeGreaterThan(1)
  })

  test('where time is fair, two sleepers sleep at the same time', async () => {
    const fair = await played({ kind: 'random', seed: 3, fair: true }, false)
    expect([fair.ms, fair.done]).toEqual([1000, 2])
  })

  test('a runner that is paused wakes late, or never', async () => {
    const late = await played({ kind: 'paused', runner: 0, after: 2, wakes: 'late' }, true)
    expect(late.ends).toMatchObject([
      { kind: 'threw', error: { code: 'conflict' } },
      { kind: 'returned', value: '1' },
    ])
    const never = await played({ kind: 'paused', runner: 1, after: 2, wakes: 'never' }, true)
    expect(never.ends).toMatchObject([{ kind: 'returned' }, { kind: 'killed' }])
  })

  test('who is stopped hears of what happens when its turn comes, and all of it before its next step', async () => {
    const heard: string[] = []
    const told: string[] = []
    const listens = async ({ cluster, clock }: Lane) => {
      const over = new AbortController()
      const listening = (async () => {
        for await (const seen of cluster.watch<ConfigMap>(at, over.signal))
          heard.push('object' in seen ? (seen.object.data?.['count'] ?? '') : seen.type)
      })()
      await clock.sleep(1)
      told.push(`after its turn: ${heard.join()}`)
      over.abort()
      await listening
    }
    const writes = async (lane: Lane) => {
      await raise(true)(lane)
      await raise(true)(lane)
      told.push(`before its turn: ${heard.join()}`)
    }
    // It opens its watch; the other one makes all its steps; then it goes on.
    await interleave(world(), [listens, writes], { kind: 'switches', first: 0, at: [1] })
    expect(told).toEqual(['before its turn: 0,alive', 'after its turn: 0,alive,1,2'])
  })
})

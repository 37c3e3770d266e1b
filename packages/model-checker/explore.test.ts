import { describe, expect, test } from '@jest/globals'
import type { ConfigMap, KubeObject } from '@alt-las/kubernetes'
import {
  createVisitedStates,
  explore,
  type ExploreOptions,
  interleave,
  type Schedule,
  schedules,
} from './index.ts'
import { fingerprint, type Lane, simulate } from '@alt-las/simulated-cluster'

const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'counter' }
const other = { ...at, name: 'other' }
const map = (name: string, count: number): KubeObject & ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { count: String(count) },
})
type Runner = (lane: Lane) => Promise<string>

/** Reads something, reads the counter, waits, and writes what it read plus one: by compare-and-swap, or not. */
const raise =
  (safe: boolean, watches = false): Runner =>
  async ({ cluster, clock }) => {
    const told: string[] = []
    if (watches) void follow(cluster, told)
    await cluster.get(other)
    const found = await cluster.get<ConfigMap>(at)
    await clock.sleep(100)
    const version = found?.metadata.resourceVersion ?? ''
    const test = { op: 'test', path: '/metadata/resourceVersion', value: version } as const
    const count = String(Number(found?.data?.['count']) + 1)
    await cluster.patch(at, [...(safe ? [test] : []), { op: 'replace', path: '/data/count', value: count }])
    // Its inputs and the times of its reads are part of its behaviour.
    if (watches)
      await cluster.apply({ ...map('other', told.length), data: { told: told.join() } } as ConfigMap, 'me')
    return count
  }

async function follow(cluster: Lane['cluster'], told: string[]): Promise<void> {
  for await (const seen of cluster.watch<ConfigMap>(at, new AbortController().signal))
    told.push('object' in seen ? String(seen.object.data?.['count']) : seen.type)
}

const game = (runners: readonly Runner[]) => ({
  simulation: simulate({ objects: [map('counter', 0), map('other', 0)] }),
  runners,
})
type Played = ReturnType<typeof game>

/** How it ended: the cluster, without invisible numbers, and the runners. */
const ended = (one: Played, ends: readonly unknown[]): string =>
  JSON.stringify([fingerprint(one.simulation.snapshot(), { timeless: true }), ends.map(kindOf)])

const kindOf = (end: unknown) => (end as { readonly kind?: string } | undefined)?.kind

async function found(runners: readonly Runner[], options: Partial<ExploreOptions> = {}) {
  const all = new Map<string, Schedule>()
  const visitedStates = await createVisitedStates({
    begin: () => game(runners),
    look: ({ game, schedule, ends }) => {
      if (ends.every((end) => end !== undefined)) all.set(ended(game, ends), schedule)
    },
  })
  const explored = await explore(visitedStates, { preemptionBound: 3, points: 'steps', ...options })
  return { summary: { ...explored, ...visitedStates.sum() }, all, visitedStates }
}

/** The same, one by one. */
async function playedOut(runners: readonly Runner[], steps: number): Promise<ReadonlySet<string>> {
  const all = new Set<string>()
  for (const schedule of schedules({ steps, switches: 3 })) all.add((await one(runners, schedule)).end)
  return all
}

async function one(runners: readonly Runner[], schedule: Schedule) {
  const here = game(runners)
  const { ends, steps } = await interleave(here.simulation, here.runners, schedule)
  return {
    end: ended(here, ends),
    steps,
    count: here.simulation.cluster.peek<ConfigMap>(at)?.data?.['count'],
  }
}

describe('explore', () => {
  const lots = [
    ['compare-and-swap', [raise(true), raise(true)]],
    ['blind writes', [raise(false), raise(false)]],
    ['one of each', [raise(true), raise(false)]],
    ['runners that watch', [raise(true, true), raise(false, true)]],
  ] as const

  test.each(lots)('finds all the ends that there are, and no others: %s', async (_, runners) => {
    const { all, summary } = await found(runners)
    expect(new Set(all.keys())).toEqual(await playedOut(runners, 14))
    expect(summary.played).toBeLessThan(summary.schedules)
  })

  test('counts the schedules that differ: where one has ended there is nothing left to change', async () => {
    // Two runners of one call: one after the other, in either order.
    const look: Runner = async ({ cluster }) => String(await cluster.get(at))
    expect((await found([look, look])).summary).toMatchObject({ schedules: 2, ends: 1 })
    // Of three calls each: 1 + 2 + 2 * 2 + (1 + 1) * 2 by who begins.
    const looks: Runner = async (lane) => [await look(lane), await look(lane), await look(lane)].join()
    const every = new Set<string>()
    for (const schedule of schedules({ steps: 6, switches: 3 }))
      every.add((await one([looks, looks], schedule)).steps.map(({ runner }) => runner).join(''))
    const { summary } = await found([looks, looks])
    expect(summary.schedules).toBe(every.size)
    expect(summary.played).toBeLessThan(every.size)
  })

  test('a lost update is found, with the schedule that leads to it again', async () => {
    const counts = new Set<string | undefined>()
    for (const schedule of (await found([raise(false), raise(false)])).all.values())
      counts.add((await one([raise(false), raise(false)], schedule)).count)
    expect(counts).toEqual(new Set(['1', '2']))
  })

  test('what was put together of steps of many games is what one game does', async () => {
    const runners = [raise(true, true), raise(false, true)]
    const { visitedStates } = await found(runners)
    const { played } = visitedStates.sum()
    // Each is played to its end now, and compared step by step; one that differs is refused.
    for (const schedule of schedules({ steps: 14, switches: 3 })) await visitedStates.play(schedule)
    expect(visitedStates.sum().played).toBeGreaterThan(2 * played)
  })

  test('of runners that are alike half is enough', async () => {
    const runners = [raise(false, true), raise(false, true)]
    const whole = await found(runners)
    const half = await found(runners, { alike: true })
    expect(half.summary.schedules).toBe(whole.summary.schedules)
    expect(new Set(half.all.keys())).toEqual(new Set(whole.all.keys()))
    expect(half.summary.played).toBeLessThan(whole.summary.played)
  })

  test('runners are stopped before calls, where nothing else is asked for', async () => {
    const points = await found([raise(true), raise(true)])
    const calls = await found([raise(true), raise(true)], { points: 'calls' })
    expect(calls.summary.schedules).toBeLessThan(points.summary.schedules)
  })

  test('a game that is another one each time is refused', async () => {
    let games = 0
    const dice: Runner = async ({ cluster }) => {
      games += 1
      await cluster.get(games % 2 === 0 ? at : other)
      return String(await cluster.get(at))
    }
    await expect(found([dice, raise(true)])).rejects.toThrow('two games of one schedule differ')
  })
})

import { fakeClock } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { plan, rollout, observation, workload } from '../testing/facts.ts'
import { reconcile } from './reconcile.ts'

interface Course {
  /** When something that is watched changes, in ms since the start. */
  readonly changes: readonly number[]
  /** When the new version is there. */
  readonly readyAt: number
  /** The change with which the run is interrupted. */
  readonly interruptedAt?: number
}

/** Drives a rolling update; returns the times at which it was looked at. */
async function looks({ changes, readyAt, interruptedAt }: Course): Promise<readonly number[]> {
  const clock = fakeClock()
  const stop = new AbortController()
  const seenAt: number[] = []
  let heard = 0
  await reconcile(
    { ...rollout, plan: { ...plan, strategy: 'rolling' }, phase: { kind: 'roll' } },
    {
      adapter: {
        observe: () => {
          seenAt.push(clock.elapsed())
          const settled = clock.elapsed() >= readyAt
          const standing = settled
            ? workload.readiness
            : { kind: 'waiting' as const, because: 'pods come up' }
          return Promise.resolve({
            ...observation,
            stable: { ...workload, version: 'new', settled, standing },
          })
        },
        ensure: () => Promise.resolve(),
        written: () => [],
        measure: () => Promise.reject(new Error('a rolling update is not judged')),
        smoke: () => Promise.reject(new Error('there are no tests')),
      },
      journal: {
        find: () => Promise.resolve(rollout),
        save: () => Promise.resolve(),
        keep: () => Promise.resolve(),
      },
      changed: async (timeoutMs) => {
        const now = clock.elapsed()
        const next = changes.find((at) => at > heard && at <= now + timeoutMs)
        if (next === undefined || next > now) clock.advance((next ?? now + timeoutMs) - now)
        if (interruptedAt !== undefined && clock.elapsed() >= interruptedAt)
          stop.abort(new Error('interrupted'))
        heard = clock.elapsed()
        await Promise.resolve()
      },
      clock,
      interrupted: stop.signal,
      timeoutMs: 600_000,
      line: () => undefined,
      log: () => undefined,
    },
  )
  return seenAt
}

describe('between two looks', () => {
  test('a burst of changes is one look, made when the burst is over', async () => {
    const burst = Array.from({ length: 100 }, (_, index) => 500 + index)
    expect(await looks({ changes: burst, readyAt: 600 })).toEqual([0, 700, 700])
  })

  test('changes that never end keep nothing from being seen within a quarter of a second', async () => {
    const flood = Array.from({ length: 500 }, (_, index) => 10 * (index + 1))
    const seen = await looks({ changes: flood, readyAt: 4000 })
    const gaps = seen.slice(1).map((at, index) => at - (seen[index] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(250)
    expect(seen.length).toBeLessThan(25)
  })

  test('without a change it is looked again after a second, without any more delay', async () => {
    expect(await looks({ changes: [], readyAt: 2000 })).toEqual([0, 1000, 2000, 2000])
  })

  test('an interruption waits for no burst to be over', async () => {
    const seen = await looks({ changes: [500, 510, 520], readyAt: 60_000, interruptedAt: 500 })
    expect(seen[1]).toBe(500)
  })
})

describe('a write that changes nothing', () => {
  test('is tried with pauses, and ends the run when the pods would have had their time', async () => {
    const clock = fakeClock()
    let tries = 0
    const run = reconcile(
      { ...rollout, plan, phase: { kind: 'step', index: 0, weight: 10 } },
      {
        adapter: {
          observe: () =>
            Promise.resolve({
              ...observation,
              router: { ...observation.router, weight: null },
            }),
          ensure: () => {
            tries += 1
            return Promise.resolve()
          },
          written: () => [],
          measure: () => Promise.reject(new Error('there is nothing to measure')),
          smoke: () => Promise.reject(new Error('there are no tests')),
        },
        journal: {
          find: () => Promise.resolve(rollout),
          save: () => Promise.resolve(),
          keep: () => Promise.resolve(),
        },
        changed: () => Promise.resolve(),
        clock,
        interrupted: new AbortController().signal,
        timeoutMs: 600_000,
        line: () => undefined,
        log: () => undefined,
      },
    )
    await expect(run).rejects.toMatchObject({
      code: 'no-effect',
      message: 'step 1: 10% to the canary: tried for 2m00s, and the cluster does not show it',
    })
    expect(clock.elapsed()).toBe(plan.readyTimeoutMs)
    expect(tries).toBe(3 + 120)
  })
})

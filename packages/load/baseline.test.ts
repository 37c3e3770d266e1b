import { describe, expect, test } from '@jest/globals'
import { judgeAgainst } from './baseline.ts'
import { distribution } from './distribution.ts'

const latencies = (p95Ms: number, count = 200) => ({ ...distribution([]), count, p95Ms, p99Ms: 2 * p95Ms })
const load = (p95Ms: number, routes: Readonly<Record<string, number>> = {}, count = 200) => ({
  ...{ ...latencies(p95Ms), rate: 10, durationMs: 20_000, unsent: 0, stopped: null, errors: 0, errorRate: 0 },
  ...{ errorKinds: {}, firstErrors: [], senderLagP99Ms: 0, buckets: [] },
  targets: Object.entries(routes).map(([name, ms]) => ({ name, errors: 0, ...latencies(ms, count) })),
})
const judged = (now: ReturnType<typeof load>, before: ReturnType<typeof load>) =>
  judgeAgainst(now, before, { maxSlowdown: 0.2 })

describe('a load beside its baseline', () => {
  test.each([
    [100, 120, true],
    [100, 121, false],
    [2, 7, true],
    [2, 7.1, false],
    [100, 10, true],
  ])('%d ms before and %d ms now', (before, now, ok) => {
    expect(judged(load(now), load(before))[0]).toMatchObject({ name: 'p95 beside the baseline', ok })
  })

  test('says both numbers and the limit', () => {
    expect(judged(load(130), load(100))[1]?.because).toBe(
      'p99 is 260 ms, 200 ms in the baseline, allowed: 240 ms',
    )
  })

  test('names the route that became slow, however small its part is', () => {
    const [, , routes] = judged(load(50, { a: 50, b: 400, c: 9 }), load(50, { a: 50, b: 60 }))
    expect(routes).toEqual({
      name: 'routes beside the baseline',
      ok: false,
      because: 'b has a p95 of 400 ms, 60 ms before',
    })
  })

  test('does not judge a route by a few requests', () => {
    expect(judged(load(50, { a: 500 }, 99), load(50, { a: 50 }))).toHaveLength(2)
  })
})

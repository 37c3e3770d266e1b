import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeClock } from '@alt-las/testing'
import { buckets, distribution } from './distribution.ts'
import { picker, runLoad, type LoadTarget } from './load.ts'
import { fakeHttp, reply } from '../testing/wire.ts'
import { judgeLoad } from './thresholds.ts'

const target = (name: string, weight = 1): LoadTarget => ({
  name,
  request: { method: 'GET', path: `/${name}`, headers: {}, body: null },
  status: ['2xx'],
  weight,
})
const plan = {
  url: new URL('https://shop.example'),
  targets: [target('a')],
  rate: 10,
  durationMs: 3000,
  timeoutMs: 1000,
}
const interrupted = new AbortController().signal

describe('the load', () => {
  test('charges a stall to every request that was due in it, not only to the one that met it', async () => {
    const clock = fakeClock()
    let sent = 0
    const http = fakeHttp(() => {
      sent += 1
      if (sent === 6) clock.advance(1000)
      return reply()
    })
    const result = await runLoad(plan, { http, clock, interrupted })
    const slow = result.buckets.filter(({ belowMs }) => belowMs > 256)
    // Ten requests were due within the stall: a closed loop would have counted one slow request of thirty.
    expect(slow.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(7)
    expect(result).toMatchObject({ count: 30, errors: 0 })
    expect(result.max).toBeGreaterThanOrEqual(1000)
  })

  test('sends on while answers are outstanding', async () => {
    const clock = fakeClock()
    let begun = 0
    const waiting: (() => void)[] = []
    const http = fakeHttp(async () => {
      begun += 1
      if (begun === 30) for (const go of waiting) go()
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return reply()
    })
    await expect(runLoad(plan, { http, clock, interrupted })).resolves.toMatchObject({ count: 30 })
  })

  test('counts what failed by its kind', async () => {
    let sent = 0
    const http = fakeHttp(() => {
      sent += 1
      if (sent === 1) throw new Failure('no-answer', 'x', { fault: 'outside' })
      return reply({ status: sent <= 3 ? 503 : 200 })
    })
    const result = await runLoad(plan, { http, clock: fakeClock(), interrupted })
    expect(result).toMatchObject({
      errors: 3,
      errorRate: 0.1,
      errorKinds: { 'no-answer': 1, 'status 503': 2 },
    })
  })

  test('could not be done where nothing was reached at all', async () => {
    const http = fakeHttp(() => {
      throw new Failure('unreachable', 'x', { fault: 'outside' })
    })
    await expect(runLoad(plan, { http, clock: fakeClock(), interrupted })).rejects.toThrow(
      'none of 30 requests reached',
    )
  })

  test('shares by weight, evenly spread and always the same', () => {
    const next = picker([target('a', 3), target('b', 1)])
    expect(Array.from({ length: 8 }, () => next().name).join('')).toBe('aabaaaba')
  })
})

describe('a distribution', () => {
  test.each([
    [[], { p50: 0, p99: 0, max: 0 }],
    [[7], { p50: 7, p95: 7, max: 7 }],
    [Array.from({ length: 100 }, (_, index) => index + 1), { p50: 50, p90: 90, p95: 95, p99: 99, max: 100 }],
  ])('of %j', (latencies, expected) => {
    expect(distribution(latencies)).toMatchObject(expected)
  })

  test('falls into buckets that double', () => {
    expect(buckets([0.2, 1, 1.5, 2, 3, 900])).toEqual([
      { belowMs: 1, count: 2 },
      { belowMs: 2, count: 2 },
      { belowMs: 4, count: 1 },
      { belowMs: 1024, count: 1 },
    ])
  })
})

describe('the thresholds', () => {
  const result = {
    ...distribution([10, 20, 400]),
    rate: 10,
    durationMs: 300,
    errors: 1,
    errorRate: 1 / 3,
    errorKinds: { 'status 503': 1 },
    senderLagP99: 1,
    buckets: [],
    targets: [{ name: 'slow one', errors: 0, ...distribution([400]) }],
  }

  test('refuse too many errors, and name their kinds', () => {
    const [errors] = judgeLoad(result, { maxErrorRate: 0.1, maxP95: null, maxP99: null })
    expect(errors?.finding).toEqual({
      ok: false,
      because: '1 of 3 requests failed (33.333%) at 10 per second, allowed are 10%: 1 × status 503',
    })
  })

  test('refuse a slow system, and name its slowest part', () => {
    const [, p95] = judgeLoad(result, { maxErrorRate: 1, maxP95: 300, maxP99: null })
    expect(p95?.finding.because).toContain('slowest is slow one with a p95 of 400 ms')
  })

  test('say so where the runner itself was late', () => {
    const [, , p99] = judgeLoad(
      { ...result, senderLagP99: 350 },
      { maxErrorRate: 1, maxP95: 500, maxP99: 300 },
    )
    expect(p99?.finding.because).toContain('this runner itself sent up to 350 ms late')
  })
})

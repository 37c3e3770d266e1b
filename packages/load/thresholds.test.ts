import { describe, expect, test } from '@jest/globals'
import { distribution } from './distribution.ts'
import { judgeLoad } from './thresholds.ts'

describe('the thresholds', () => {
  const result = {
    ...distribution([10, 20, 400]),
    rate: 10,
    durationMs: 300,
    unsent: 0,
    stopped: null,
    errors: 1,
    errorRate: 1 / 3,
    errorKinds: { 'status 503': 1 },
    firstErrors: [],
    senderLagP99Ms: 1,
    buckets: [],
    targets: [{ name: 'slow one', errors: 0, ...distribution([400]) }],
  }

  test('refuse too many errors, and name their kinds', () => {
    expect(judgeLoad(result, { maxErrorRate: 0.1, maxP95Ms: null, maxP99Ms: null })).toEqual([
      {
        name: 'error rate',
        ok: false,
        because: '1 of 3 requests failed (33.333%) at 10 per second, allowed: 10%: 1 × status 503',
      },
    ])
  })

  test('refuse a slow system, and name its slowest part', () => {
    const [, p95] = judgeLoad(result, { maxErrorRate: 1, maxP95Ms: 300, maxP99Ms: null })
    expect(p95).toMatchObject({ name: 'p95', ok: false })
    expect(p95?.because).toContain('slowest is slow one with a p95 of 400 ms')
  })

  test('hold where a limit is just met', () => {
    const [errors, p95] = judgeLoad(result, { maxErrorRate: 1 / 3, maxP95Ms: 400, maxP99Ms: null })
    expect([errors?.ok, p95?.ok]).toEqual([true, true])
  })

  test('say so where the runner itself was late', () => {
    const late = { ...result, senderLagP99Ms: 350 }
    const [, , p99] = judgeLoad(late, { maxErrorRate: 1, maxP95Ms: 500, maxP99Ms: 300 })
    expect(p99?.because).toContain('this runner itself sent up to 350 ms late')
  })
})

import { describe, expect, test } from '@jest/globals'
import { buckets, distribution } from './distribution.ts'

describe('a distribution', () => {
  test.each([
    [[], { p50Ms: 0, p99Ms: 0, maxMs: 0 }],
    [[7], { p50Ms: 7, p95Ms: 7, maxMs: 7 }],
    [
      Array.from({ length: 100 }, (_, index) => index + 1),
      { p50Ms: 50, p90Ms: 90, p95Ms: 95, p99Ms: 99, maxMs: 100 },
    ],
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

import { expect, test } from '@jest/globals'
import { outcomeDocument } from '@alt-las/testing'
import { baselineIn } from './baseline.ts'

const latencies = { count: 9, p50Ms: 1, p90Ms: 2, p95Ms: 3, p99Ms: 4, maxMs: 5 }
const load = {
  ...{ ...latencies, ratePerSecond: 12, durationMs: 1000, errors: 0, errorRate: 0, errorKinds: {} },
  ...{ firstErrors: [], senderLagP99Ms: 0, buckets: [], targets: [{ name: 'a', errors: 0, ...latencies }] },
}

test('the load of a document is a baseline', () => {
  expect(baselineIn(outcomeDocument('verify', { evidence: { load } }), 'v.json')).toMatchObject({
    ...{ rate: 12, p95Ms: 3, p99Ms: 4 },
    targets: [{ name: 'a', count: 9, p95Ms: 3 }],
  })
})

test('a document without a load is none', () => {
  expect(() => baselineIn(outcomeDocument('verify'), 'v.json')).toThrow(
    expect.objectContaining({ fault: 'input', message: expect.stringContaining('v.json holds no load') }),
  )
})

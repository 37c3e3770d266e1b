import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls } from './calls.ts'

test('the time of a call counts whether it succeeds or not', async () => {
  let seconds = 0
  const measured = calls(() => seconds)
  const taking = (duration: number, end: () => Promise<string>) =>
    measured.measure('segmentation', () => {
      seconds += duration
      return end()
    })
  assert.equal(await taking(2, () => Promise.resolve('done')), 'done')
  await assert.rejects(taking(3, () => Promise.reject(new Error('away'))))
  assert.deepEqual(measured.render().slice(2), [
    'http_client_request_duration_seconds_sum{server_address="segmentation"} 5',
    'http_client_request_duration_seconds_count{server_address="segmentation"} 2',
  ])
})

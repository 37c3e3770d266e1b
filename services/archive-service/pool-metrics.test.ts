import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { Pool } from 'pg'
import { poolMetrics } from './pool-metrics.ts'

test('a pool says how many connections are in use, who waits, and how long one is used for', () => {
  let seconds = 0
  const events = new EventEmitter()
  const pool = Object.assign(events, { totalCount: 5, idleCount: 1, waitingCount: 7 }) as unknown as Pool
  const render = poolMetrics(pool, 5, () => seconds)
  const client = {}
  events.emit('acquire', client)
  seconds = 0.25
  events.emit('release', undefined, client)
  events.emit('release', undefined, {})
  assert.deepEqual(
    render().filter((line) => !line.startsWith('#')),
    [
      'db_client_connection_count{state="used"} 4',
      'db_client_connection_count{state="idle"} 1',
      'db_client_connection_max 5',
      'db_client_connection_pending_requests 7',
      'db_client_connection_use_time_seconds_sum 0.25',
      'db_client_connection_use_time_seconds_count 1',
    ],
  )
})

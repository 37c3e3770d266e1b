import type { Client, Pool } from 'pg'
import { family, labels } from '../http/exposition.ts'

type Measured = Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount' | 'on'>

/**
 * The pool's connections for `/metrics`, under OpenTelemetry's names: how many are in use, how many requests wait for one, and how long
 * one is used for. They tell a pool that is too small from a database that is slow. `now` is in seconds, monotonic.
 */
export function poolMetrics(pool: Measured, max: number, now: () => number): () => readonly string[] {
  const since = new Map<Client, number>()
  const used = { sum: 0, count: 0 }
  pool.on('acquire', (client) => since.set(client, now()))
  pool.on('release', (_, client) => {
    const begun = since.get(client)
    if (begun === undefined) return
    since.delete(client)
    used.sum += now() - begun
    used.count += 1
  })
  return () => [
    ...family('db_client_connection_count', 'gauge', 'Connections by state.', [
      `${labels({ state: 'used' })} ${pool.totalCount - pool.idleCount}`,
      `${labels({ state: 'idle' })} ${pool.idleCount}`,
    ]),
    ...family('db_client_connection_max', 'gauge', 'Most connections at once.', [` ${max}`]),
    ...family('db_client_connection_pending_requests', 'gauge', 'Requests that wait for a connection.', [
      ` ${pool.waitingCount}`,
    ]),
    ...family('db_client_connection_use_time_seconds', 'summary', 'How long a connection is used for.', [
      `_sum ${used.sum}`,
      `_count ${used.count}`,
    ]),
  ]
}

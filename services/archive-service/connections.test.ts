import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from 'pg'
import { openConnections } from './connections.ts'

/** A pool that opens `most` connections, and refuses the next one. */
function poolOf(most: number) {
  const counts = { open: 0, held: 0, mostHeld: 0 }
  const client: Client = {
    query: () => Promise.reject(new Error('not asked')),
    release: () => {
      counts.held -= 1
    },
  }
  const connect = (): Promise<Client> => {
    if (counts.open === most) return Promise.reject(new Error('too many clients already'))
    counts.open += 1
    counts.held += 1
    counts.mostHeld = Math.max(counts.mostHeld, counts.held)
    return Promise.resolve(client)
  }
  return { counts, connect }
}

test('all connections are open at one time, and then free', async () => {
  const pool = poolOf(5)
  await openConnections(pool, 5)
  assert.deepEqual(pool.counts, { open: 5, held: 0, mostHeld: 5 })
})

test('a connection that cannot be opened is the reason, and none is kept from the pool', async () => {
  const pool = poolOf(3)
  await assert.rejects(openConnections(pool, 5), /too many clients/)
  assert.equal(pool.counts.held, 0)
})

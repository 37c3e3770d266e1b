import type { Pool } from 'pg'

/**
 * Opens `count` connections at once and leaves them in the pool: the first requests of a new pod must not wait for the database's
 * handshake. Rejects with the first reason if any cannot be opened; the others stay in the pool.
 */
export async function openConnections(pool: Pick<Pool, 'connect'>, count: number): Promise<void> {
  // None is released before all are open: the pool would hand out the first one again.
  const opened = await Promise.allSettled(Array.from({ length: count }, () => pool.connect()))
  for (const one of opened) if (one.status === 'fulfilled') one.value.release()
  for (const one of opened) if (one.status === 'rejected') throw one.reason
}

import type { Pool } from 'pg'

// Any number that only this schema uses: replicas start together and must not create the same table at the same moment.
const lock = 4_718_001

/** Creates what is missing; safe to repeat. Only ever adds, so that the version before goes on working beside this one. */
export async function createSchema(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock])
    for (const statement of statements) await client.query(statement)
    await client.query('COMMIT')
    client.release()
  } catch (cause) {
    // Not put back into the pool: its transaction is open still.
    client.release(true)
    throw cause
  }
}

const statements = [
  `CREATE TABLE IF NOT EXISTS documents (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
     title text NOT NULL,
     text text NOT NULL,
     tags text[] NOT NULL DEFAULT '{}',
     created_at timestamptz NOT NULL DEFAULT now()
   )`,
]

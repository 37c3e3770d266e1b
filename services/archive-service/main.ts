import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { dependency } from '../http/dependency.ts'
import type { Environment } from '../http/environment.ts'
import type { Log } from '../http/log.ts'
import { start } from '../http/start.ts'
import { archive } from './archive.ts'
import { openConnections } from './connections.ts'
import { poolMetrics } from './pool-metrics.ts'
import { postgres } from './postgres.ts'
import { prepared } from './prepared.ts'
import { createSchema } from './schema.ts'

await start({ name: 'archive-service', read, compose }, process.env)

function read(environment: Environment) {
  return {
    host: environment.text('PGHOST'),
    port: environment.whole('PGPORT', { min: 1, max: 65535, fallback: 5432 }),
    user: environment.text('PGUSER'),
    database: environment.text('PGDATABASE'),
    passwordFile: environment.text('PGPASSWORD_FILE'),
    connections: environment.whole('PG_CONNECTIONS', { min: 1, max: 100, fallback: 5 }),
  }
}

function compose({ passwordFile, connections, ...where }: ReturnType<typeof read>, log: Log) {
  const pool = new Pool({
    ...where,
    // Read for each new connection: a rotated password needs no restart.
    password: () => readFileSync(passwordFile, 'utf8').trim(),
    max: connections,
    connectionTimeoutMillis: 3000,
    // 0: an idle connection is kept. A new one would cost the next burst its handshakes.
    idleTimeoutMillis: 0,
    keepAlive: true,
    query_timeout: 5000,
    application_name: 'archive-service',
  })
  // Without a listener a connection that dies while idle would end the process.
  pool.on('error', (cause) => log.error('an idle database connection broke', { error: cause.message }))
  const ending = new AbortController()
  const prepare = async (): Promise<void> => {
    await createSchema(pool)
    await openConnections(pool, connections)
  }
  const state = prepared(prepare, {
    pause: () => sleep(1000, undefined, { signal: ending.signal }),
    failed: (because) => log.error('the database is not prepared yet', { because }),
  })
  const database = dependency('postgres', async () => {
    if (!state.done()) throw new Error(state.because())
    await pool.query('SELECT 1')
  })
  const release = async (): Promise<void> => {
    ending.abort()
    await pool.end()
  }
  const exposes = poolMetrics(pool, connections, () => performance.now() / 1000)
  return { routes: archive(postgres(pool), log), dependencies: [database], exposes, release }
}

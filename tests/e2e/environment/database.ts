import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAll, systemHttp } from '@alt-las/http'
import { systemClock } from '@alt-las/time'
import { addresses } from '../../../lab/addresses.ts'
import { until } from '../../../lab/base/until.ts'
import type { Environment } from './environment.ts'

/** Rows of the archive, and a digest of all that they hold. */
export interface Rows {
  readonly count: number
  readonly digest: string
}

const query = `select count(*) || ' ' || coalesce(md5(string_agg(documents::text, chr(10) order by id)), '-') from documents`

/** As the database itself says, past every service. */
export async function rowsOf({ kubectl }: Environment): Promise<Rows> {
  const psql = [
    'psql',
    '--username=atlas',
    '--dbname=atlas',
    '--no-align',
    '--tuples-only',
    '--command',
    query,
  ]
  const answer = await kubectl('exec', 'postgres-0', '--', ...psql)
  const [count = '', digest = ''] = answer.trim().split(' ')
  return { count: Number(count), digest }
}

/** Stores so many documents through the gateway, as a user does. Each is waited for until the gateway has the archive again. */
export async function store(environment: Environment, title: string, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const stored = async () => (await post(environment, `${title} ${index}`)) === 201
    await until({ what: `storing ${title} ${index}`, seconds: 60 }, stored, systemClock)
  }
}

async function post({ stack, host }: Environment, title: string): Promise<number | null> {
  const http = systemHttp({ ca: readFileSync(join(stack.home, 'pki/lab-ca.crt')), serverName: host })
  const url = new URL('/api/archive/documents', `https://${addresses.gateway}`)
  const headers = { host, 'content-type': 'application/json' }
  const body = JSON.stringify({ title, text: title })
  try {
    return (await fetchAll(http, { method: 'POST', url, headers, body })).status
  } catch {
    return null
  } finally {
    http.close()
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAll, systemHttp } from '@alt-las/http'
import type { Stack } from '../stack.ts'

const gateway = '10.96.0.80'

/** One request through the gateway, as a user's client sends it. */
export async function ask(
  stack: Stack,
  method: string,
  path: string,
  body?: unknown,
  host = 'alt-las.lab',
): Promise<{ readonly status: number; readonly body: unknown }> {
  const http = systemHttp({ ca: readFileSync(join(stack.home, 'pki', 'lab-ca.crt')), serverName: host })
  const url = new URL(path, `https://${gateway}`)
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  try {
    const answer = await fetchAll(http, { method, url, headers: { host, ...json }, ...content })
    const text = Buffer.from(answer.bytes).toString()
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  } finally {
    http.close()
  }
}

/** The same over plain HTTP, for a host that has no certificate. */
export async function askPlain(
  host: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const url = new URL(path, `http://${gateway}`)
  const answer = await fetchAll(systemHttp({}), { method: 'GET', url, headers: { host } }, { fresh: true })
  return { status: answer.status, body: Buffer.from(answer.bytes).toString() }
}

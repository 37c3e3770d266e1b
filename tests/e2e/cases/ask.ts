import { readFileSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import type { Stack } from '../stack.ts'

/** One request through the gateway, as a user's client sends it. */
export function ask(
  stack: Stack,
  method: string,
  path: string,
  body?: unknown,
  host = 'alt-las.lab',
): Promise<{ readonly status: number; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(join(stack.home, 'pki', 'lab-ca.crt'))
    const headers = { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const sending = request(
      { host: '10.96.0.80', servername: host, port: 443, path, method, ca, headers },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text })
        })
      },
    )
    sending.on('error', reject)
    sending.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** The same over plain HTTP, for a host that has no certificate. */
export function askPlain(
  host: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sending = plain({ host: '10.96.0.80', port: 80, path, headers: { host } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() })
      })
    })
    sending.on('error', reject)
    sending.end()
  })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAll, systemHttp } from '@alt-las/http'
import { addresses } from '../../../lab/addresses.ts'
import type { Environment } from '../environment/environment.ts'
import type { Defect, Expected } from './defect.ts'
import { liar, type Lie } from './liar.ts'

/** The route is answered by the liar. */
export const lying = (name: string, lie: Lie, ...found: readonly Expected[]): Defect => ({
  name,
  change: async (environment) => ({ apply: await liar(environment, lie) }),
  shows: (environment) => isAnsweredByLiar(environment, lie),
  found,
})

/** Of the answer to `GET /version`. */
export const headersOf = async (environment: Environment) =>
  (await asked(environment, { path: '/version' })).headers

/** By the header that the liar's route adds. */
async function isAnsweredByLiar(environment: Environment, lie: Lie): Promise<boolean> {
  try {
    const { status, headers } = await asked(environment, lie)
    return headers['x-answered-by'] === 'liar' && status === (lie.status ?? 200)
  } catch (error) {
    // Without the liar no answer is broken off.
    if (lie.breaksOff === true) return true
    throw error
  }
}

async function asked({ stack, host }: Environment, { path, method = 'GET' }: Pick<Lie, 'path' | 'method'>) {
  const http = systemHttp({ ca: readFileSync(join(stack.home, 'pki/lab-ca.crt')), serverName: host })
  const url = new URL(path, `https://${addresses.gateway}`)
  try {
    const body = method === 'POST' ? { body: '{"text":"One."}' } : {}
    const headers = { host, 'content-type': 'application/json' }
    return await fetchAll(http, { method, url, headers, ...body })
  } finally {
    http.close()
  }
}

const api = (name: string, because: RegExp): Expected => ({ check: `api ${name}`, because })

const version = { service: 'api-gateway', version: '1.0.0', revision: 'abc', digest: null }
const id = '5d3c6a1e-0000-4000-8000-0123456789ab'
const problem = { 'content-type': 'application/problem+json' }

/** What one answer of the API can get wrong. */
export const answerDefects: readonly Defect[] = [
  lying(
    'one answer lacks a field',
    { path: '/version', body: { ...version, revision: undefined } },
    api('the gateway says which version it is', /revision/),
  ),
  lying(
    'one answer has a number where the document says text',
    { path: '/version', body: { ...version, version: 1 } },
    api('the gateway says which version it is', /version/),
  ),
  lying(
    'one route answers 500',
    {
      path: '/api/segmentation/segments',
      method: 'POST',
      status: 500,
      headers: problem,
      body: { type: 'about:blank', title: 'Internal Server Error', status: 500 },
    },
    api('a text is split into segments', /status is 500/),
    api('segmentation refuses a text that is none', /status is 500/),
  ),
  lying(
    'one route is slow',
    { path: '/healthz', delayMs: 1500, body: { healthy: true } },
    api('the gateway is healthy', /it took \d+ ms, expected at most 1000 ms/),
  ),
  lying(
    'an answer is broken off',
    { path: '/healthz', breaksOff: true, body: { healthy: true } },
    api('the gateway is healthy', /broken off/),
  ),
  lying(
    'an answer is not of the type that it says',
    { path: '/healthz', headers: { 'content-type': 'application/json' }, body: '<html>' },
    api('the gateway is healthy', /JSON/i),
  ),
  lying(
    'something that should not be there answers',
    { path: '/api/archive/admin', body: { users: [] } },
    api('what is not part of the API is not found', /status is 200/),
  ),
  lying(
    'a list is longer than what was asked for',
    {
      path: '/api/archive/documents',
      method: 'GET',
      body: { documents: Array.from({ length: 6 }, () => ({ id, title: 't' })) },
    },
    api('the stored document is the newest of the list', /documents/),
  ),
  lying(
    'what was never stored is found',
    {
      path: '/api/archive/documents/00000000-0000-4000-8000-000000000000',
      body: { id, title: 'ghost' },
    },
    api('a document that was never stored is not found', /status is 200/),
  ),
  lying(
    'the OpenAPI document is not served',
    { path: '/openapi.json', status: 404, headers: problem, body: { title: 'Not Found', status: 404 } },
    api('OpenAPI document', /404/),
    api('the gateway describes its API', /status is 404/),
  ),
]

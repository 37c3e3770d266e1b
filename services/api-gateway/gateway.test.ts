import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json } from '../http/reply.ts'
import { post, serving } from '../http/testing.ts'
import { gateway, type Forward } from './gateway.ts'
import { operations, type Upstreams } from './operations.ts'

const upstreams: Upstreams = {
  segmentation: 'http://s',
  ai: 'http://a',
  archive: 'http://x/archive-service',
  runner: null,
}
const echo: Forward = (_, target) => Promise.resolve(json(200, target))

function at<T>(path: string, see: (response: Response) => Promise<T>, chosen: Upstreams = upstreams) {
  return serving(gateway(chosen, echo), async (base) => see(await fetch(`${base}${path}`)))
}

test('a call goes to its upstream without the public prefix, query included', () =>
  at('/api/archive/documents?limit=5', async (response) => {
    const url = 'http://x/archive-service/documents?limit=5'
    assert.deepEqual(await response.json(), { name: 'archive', url, prefix: '/api/archive' })
  }))

test('an id in the path arrives encoded as it was given', () =>
  at('/api/archive/documents/a%2Fb', async (response) => {
    assert.equal(((await response.json()) as { url: string }).url, 'http://x/archive-service/documents/a%2Fb')
  }))

for (const path of ['/api/archive/metrics', '/api/archive/readyz', '/api/ai/../archive/metrics', '/api', '/'])
  test(`${path} leads nowhere: only the table's operations are public`, () =>
    at(path, (response) => Promise.resolve(assert.equal(response.status, 404))))

test('an upstream that this environment does not have is a 404 that says so', () =>
  at('/api/runner/jobs', async (response) => {
    assert.equal(response.status, 404)
    assert.match(await response.text(), /the runner service is not part of this environment/)
  }))

test('an operation under another method is a 405', () =>
  serving(gateway(upstreams, echo), async (base) => {
    const response = await post(`${base}/api/archive/documents/1`, {})
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, HEAD')
  }))

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
}

test('/openapi.json describes every operation that is there, and no other', () =>
  at('/openapi.json', async (response) => {
    const document = (await response.json()) as Document
    assert.equal(document.openapi, '3.1.0')
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    )
    assert.deepEqual(described.sort(), [
      'get /api/archive/documents',
      'get /api/archive/documents/{id}',
      'get /healthz',
      'get /openapi.json',
      'get /readyz',
      'get /version',
      'post /api/ai/results',
      'post /api/archive/documents',
      'post /api/segmentation/segments',
    ])
  }))

test('with a runner its operations are described too', () =>
  at(
    '/openapi.json',
    async (response) => {
      const { paths } = (await response.json()) as Document
      assert.deepEqual(
        Object.keys(paths).filter((path) => path.startsWith('/api/runner')),
        ['/api/runner/jobs', '/api/runner/jobs/{id}'],
      )
    },
    { ...upstreams, runner: 'http://r' },
  ))

test('every operation has an id of its own', () => {
  assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length)
})

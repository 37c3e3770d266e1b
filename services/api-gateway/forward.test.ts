import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { post, serving } from '../http/testing.ts'
import { forwarder } from './forward.ts'
import { gateway } from './gateway.ts'

/** The real gateway before an upstream that does what the test says. */
async function before(upstream: RequestListener, see: (base: string) => Promise<unknown>, timeoutMs = 5000) {
  const server = createServer(upstream)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const forwarding = forwarder(timeoutMs)
  try {
    await serving(gateway({ segmentation: url, ai: url, archive: url, runner: url }, forwarding.forward), see)
  } finally {
    await forwarding.release()
    server.closeAllConnections()
    server.close()
  }
}

test('method, path, body and id arrive; status, headers and body come back', () =>
  before(
    (request, response) => {
      void text(request).then((body) => {
        response.writeHead(201, {
          'content-type': 'application/json',
          location: '/documents/7',
          connection: 'close',
        })
        const { method, url, headers } = request
        response.end(
          JSON.stringify({
            method,
            url,
            body,
            id: headers['x-request-id'],
          }),
        )
      })
    },
    async (base) => {
      const response = await post(`${base}/api/archive/documents`, { a: 1 }, { 'x-request-id': 'id-1' })
      assert.equal(response.status, 201)
      assert.equal(response.headers.get('location'), '/api/archive/documents/7')
      assert.equal(response.headers.get('x-request-id'), 'id-1')
      assert.equal(response.headers.get('connection'), 'keep-alive')
      assert.deepEqual(await response.json(), {
        method: 'POST',
        url: '/documents',
        body: '{"a":1}',
        id: 'id-1',
      })
    },
  ))

test('an error of the upstream in JSON is passed on as it is', () =>
  before(
    (_, response) =>
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"status":503}'),
    async (base) => assert.equal(await (await fetch(`${base}/api/runner/jobs`)).text(), '{"status":503}'),
  ))

test("a proxy's own 503 on the way becomes JSON", () =>
  before(
    (_, response) => response.writeHead(503, { 'content-type': 'text/plain' }).end('no available server'),
    async (base) => {
      const response = await fetch(`${base}/api/runner/jobs`)
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.match(await response.text(), /the runner service has no ready backend/)
    },
  ))

test('an upstream that does not answer in time is a 504', () =>
  before(
    () => undefined,
    async (base) => {
      const response = await post(`${base}/api/ai/results`, {})
      assert.equal(response.status, 504)
      assert.match(await response.text(), /the ai service did not answer within 0.05 s/)
    },
    50,
  ))

test('an upstream that cannot be reached is a 502, also while a body is on its way', async () => {
  const forwarding = forwarder(5000)
  const nowhere = 'http://127.0.0.1:1'
  const routes = gateway(
    { segmentation: nowhere, ai: nowhere, archive: nowhere, runner: null },
    forwarding.forward,
  )
  await serving(routes, async (base) => {
    const response = await post(`${base}/api/archive/documents`, { text: 'x'.repeat(500_000) })
    assert.equal(response.status, 502)
    assert.match(await response.text(), /the archive service could not be reached \(ECONNREFUSED\)/)
  })
  await forwarding.release()
})

test('a kept connection that was closed at its reuse is replaced for what has no body', async () => {
  let calls = 0
  await before(
    (request, response) => {
      calls += 1
      if (calls === 2) request.socket.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    },
    async (base) => {
      assert.equal((await fetch(`${base}/api/runner/jobs`)).status, 200)
      assert.equal((await fetch(`${base}/api/runner/jobs`)).status, 200)
    },
  )
  assert.equal(calls, 3)
})

test('a body is never sent twice', async () => {
  let calls = 0
  await before(
    (request, response) => {
      calls += 1
      if (calls === 2) request.socket.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    },
    async (base) => {
      assert.equal((await post(`${base}/api/runner/jobs`, {})).status, 200)
      assert.equal((await post(`${base}/api/runner/jobs`, {})).status, 502)
    },
  )
  assert.equal(calls, 2)
})

test('an answer that breaks off upstream breaks off here', () =>
  before(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"a":')
      setImmediate(() => response.destroy())
    },
    (base) => assert.rejects(fetch(`${base}/api/runner/jobs`).then((response) => response.text())),
  ))

test('a caller that goes away takes its call to the upstream with it', async () => {
  const arrived = Promise.withResolvers<undefined>()
  const ended = Promise.withResolvers<undefined>()
  await before(
    (request) => {
      arrived.resolve(undefined)
      request.on('close', () => ended.resolve(undefined))
    },
    async (base) => {
      const leaving = new AbortController()
      const call = assert.rejects(fetch(`${base}/api/runner/jobs`, { signal: leaving.signal }))
      await arrived.promise
      leaving.abort()
      await call
      await ended.promise
    },
  )
})

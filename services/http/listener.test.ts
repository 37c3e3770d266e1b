import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { readObject } from './body.ts'
import { checked } from './fields.ts'
import { json } from './reply.ts'
import type { Route } from './route.ts'
import { post, serving, silent } from './testing.ts'

const echo: Route = {
  method: 'POST',
  path: '/echo',
  async handle({ message }) {
    const body = await readObject(message, 100)
    return body.kind === 'read' ? json(200, body.fields) : body.reply
  },
}

test('a JSON object in a body comes back as its fields', () =>
  serving([echo], async (base) => {
    const response = await post(`${base}/echo`, { a: 'ş' })
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { a: 'ş' })
  }))

const refusals: readonly (readonly [string, string, number])[] = [
  ['an array', '[1]', 400],
  ['null', 'null', 400],
  ['no JSON', '{"a":', 400],
  ['an empty body', '', 400],
  ['a body over the limit', JSON.stringify({ a: 'x'.repeat(100) }), 413],
]
for (const [what, body, status] of refusals)
  test(`${what} is refused with ${status} and a sentence`, () =>
    serving([echo], async (base) => {
      const response = await post(`${base}/echo`, body)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.match(((await response.json()) as { detail: string }).detail, /^body: got .*expected/)
    }))

test('a body over the limit without a declared length is refused too', () =>
  serving([echo], async (base) => {
    const body = Readable.toWeb(Readable.from([Buffer.from('{"a":"'), Buffer.alloc(200, 'x')]))
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${base}/echo`, {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 413)
  }))

test('a body that is not called JSON is refused with 415', () =>
  serving([echo], async (base) => {
    assert.equal((await fetch(`${base}/echo`, { method: 'POST', body: '{}' })).status, 415)
  }))

test('all faults of the fields are named at once', () => {
  const result = checked({ text: '', max: 1.5, tags: [''] }, (fields) => [
    fields.text('text', { max: 10 }),
    fields.whole('max', { min: 1, max: 9, fallback: 5 }),
    fields.texts('tags', { max: 2, each: 3 }),
  ])
  assert.equal(result.kind, 'refused')
  const reply = result.kind === 'refused' && result.reply.kind === 'json' ? result.reply.body : null
  assert.equal(
    (reply as { detail: string }).detail,
    'text: got "", expected a text of 1 to 10 characters; max: got 1.5, expected a whole number from 1 to 9; ' +
      'tags: got [""], expected at most 2 texts of 1 to 3 characters',
  )
})

test('a handler that throws is a 500 that names the id under which the log has the cause', async () => {
  const errors: unknown[] = []
  const log = { ...silent, error: (_: string, facts: unknown) => errors.push(facts) }
  const broken: Route = { method: 'GET', path: '/', handle: () => Promise.reject(new Error('the cause')) }
  await serving(
    [broken],
    async (base) => {
      const response = await fetch(base, { headers: { 'x-request-id': 'given-1' } })
      assert.equal(response.status, 500)
      assert.match(await response.text(), /given-1/)
    },
    { log },
  )
  assert.deepEqual(errors, [{ requestId: 'given-1', path: '/', error: 'Error: the cause' }])
})

test('an id that could forge a line of the log is replaced', () =>
  serving([echo], async (base) => {
    const response = await fetch(`${base}/absent`, { headers: { 'x-request-id': 'a b"c' } })
    assert.equal(response.status, 404)
    assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  }))

test('a stream that breaks off breaks the connection, so that the answer cannot pass for a whole one', () => {
  const half: Route = {
    method: 'GET',
    path: '/half',
    handle: () => ({
      kind: 'stream',
      status: 200,
      headers: { 'content-length': 10 },
      body: Readable.from(broken()),
    }),
  }
  async function* broken() {
    yield Buffer.from('12345')
    await Promise.resolve()
    throw new Error('the upstream went')
  }
  return serving([half], async (base) => {
    await assert.rejects(fetch(`${base}/half`).then((response) => response.text()))
  })
})

test('a request line that names no path of ours does not bring the process down', () =>
  serving([echo], async (base) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    socket.end('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.match(await text(socket), /^HTTP\/1\.1 404 /)
    assert.equal((await fetch(`${base}/healthz`)).status, 200)
  }))

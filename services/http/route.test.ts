import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json } from './reply.ts'
import { match, type Route } from './route.ts'

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  handle: () => json(200, {}),
})
const routes = [route('GET', '/documents'), route('POST', '/documents'), route('GET', '/documents/:id')]

test('a path with a named segment hands over its decoded value', () => {
  const found = match(routes, 'GET', '/documents/a%20b')
  assert.equal(found.kind, 'found')
  assert.deepEqual(found.kind === 'found' && found.params, { id: 'a b' })
})

test('HEAD is answered by the route of GET', () => {
  assert.equal(match(routes, 'HEAD', '/documents').kind, 'found')
})

test('a path that exists under other methods names them', () => {
  assert.deepEqual(match(routes, 'DELETE', '/documents'), {
    kind: 'wrong-method',
    allow: ['GET', 'HEAD', 'POST'],
  })
})

for (const path of ['/', '/document', '/documents/', '/documents/1/2', '/documents/%zz', '//documents'])
  test(`${path} is absent`, () => {
    assert.deepEqual(match(routes, 'GET', path), { kind: 'absent' })
  })

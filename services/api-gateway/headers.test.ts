import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestHeaders, responseHeaders } from './headers.ts'

const caller = { address: '10.0.0.9', requestId: 'id-1', withBody: true }

test('headers of one connection end here, those that Connection names included', () => {
  const sent = requestHeaders(
    {
      host: 'alt-las.lab',
      connection: 'keep-alive, X-Secret',
      'x-secret': '1',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'proxy-authorization': 'x',
      expect: '100-continue',
      accept: 'a/b',
    },
    caller,
  )
  assert.deepEqual(sent, {
    accept: 'a/b',
    'x-request-id': 'id-1',
    'x-forwarded-for': '10.0.0.9',
    'x-forwarded-host': 'alt-las.lab',
    'x-forwarded-proto': 'http',
  })
})

test('who forwarded before is kept, and the caller is added', () => {
  const given = {
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'a',
    host: 'b',
    'x-request-id': 'z',
  }
  assert.deepEqual(requestHeaders(given, caller), {
    'x-request-id': 'id-1',
    'x-forwarded-for': '1.2.3.4, 10.0.0.9',
    'x-forwarded-host': 'a',
    'x-forwarded-proto': 'https',
  })
})

test('a request whose body is not passed on does not announce one', () => {
  assert.equal(
    'content-length' in requestHeaders({ 'content-length': '5' }, { ...caller, withBody: false }),
    false,
  )
})

test('an address in an answer is moved under the public prefix; an absolute one stays', () => {
  assert.equal(
    responseHeaders({ location: '/documents/1' }, '/api/archive')['location'],
    '/api/archive/documents/1',
  )
  assert.equal(responseHeaders({ location: 'https://x/' }, '/api/archive')['location'], 'https://x/')
})

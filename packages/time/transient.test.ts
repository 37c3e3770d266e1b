import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import {
  classifyMessage,
  isTransient,
  isTransientMessage,
  isTransientStatus,
  parseRetryAfter,
} from './index.ts'

test.each([
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
  [522, true],
  [400, false],
  [401, false],
  [404, false],
  [501, false],
])('%d may pass: %p', (status, expected) => {
  expect(isTransientStatus(status)).toBe(expected)
})

describe('isTransient', () => {
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' })
  const unknownHost = Object.assign(new Error('x'), { code: 'ENOTFOUND' })

  test.each<[string, unknown, boolean]>([
    ['a reset connection', reset, true],
    ['an unknown host', unknownHost, false],
    ['the cause of a Failure', new Failure('x', 'x', { fault: 'outside', cause: reset }), true],
    ['one of several addresses', new AggregateError([unknownHost, reset]), true],
    [
      'what a Failure says itself',
      new Failure('x', 'x', { fault: 'outside', cause: reset, transient: false }),
      false,
    ],
    [
      'a record that was broken on the way',
      Object.assign(new Error('x'), { code: 'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC' }),
      true,
    ],
    ['a defect', new TypeError('x'), false],
    ['a text', 'ECONNRESET', false],
    ['nothing', null, false],
  ])('%s', (_, error, expected) => {
    expect(isTransient(error)).toBe(expected)
  })

  test('a circle of causes ends', () => {
    const circle = new Error('x')
    circle.cause = circle
    expect(isTransient(circle)).toBe(false)
  })
})

describe('isTransientMessage', () => {
  test.each([
    'read tcp 1.2.3.4:5->6.7.8.9:443: read: connection reset by peer',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://x: 502 Bad Gateway',
    'unexpected status code 503 Service Unavailable',
    'unexpected status from HEAD request to https://x: 429',
    'failed to authorize: EOF',
    'failed to do request: Get "https://x": EOF',
    'net/http: TLS handshake timeout',
    'GET https://ghcr.io/v2/x: TOOMANYREQUESTS: retry-after: 1s',
    'Get "https://x": stream error: stream ID 7; INTERNAL_ERROR; received from peer',
    'failed to fetch oauth token: Post "https://x/token": http2: client connection lost',
    'http2: server sent GOAWAY and closed the connection; LastStreamID=9, ErrCode=NO_ERROR, debug=""',
    'dial tcp 192.0.2.1:443: connect: connection refused',
    'Head "https://x": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'failed to copy: local error: tls: bad record MAC',
    'write: broken pipe',
    'PUT https://x: BLOB_UPLOAD_UNKNOWN: blob upload unknown to registry',
    'npm error code ECONNRESET',
    'npm error code E503',
    'npm error network timeout at: https://registry.example/x',
    'http2: timeout awaiting response headers',
    'connection error: PROTOCOL_ERROR',
    'Get "https://x": stream error: stream ID 1; REFUSED_STREAM',
    'rpc error: code = Unavailable desc = error reading from server',
    'curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)',
    'curl: (28) Operation timed out after 30000 milliseconds with 0 bytes received',
    'curl: (22) The requested URL returned error: 502',
    'curl: (18) transfer closed with 1024 bytes remaining to read',
    'E: Failed to fetch http://packages.example/x  502  Bad Gateway [IP: 192.0.2.1 80]',
    "Temporary failure resolving 'packages.example'",
    'fatal: early EOF',
    'error: RPC failed; HTTP 503 curl 22',
    'failed to copy: short read: expected 123 bytes but got 100',
    'failed commit on ref "layer-sha256:a": unexpected commit size 100, expected 123: failed precondition',
    'failed to do request: Head "https://x/v2/": context deadline exceeded',
    'read tcp 1.2.3.4:5: use of closed network connection',
    'remote error: tls: bad record MAC',
    'first line\nread: connection reset by peer\nlast line',
  ])('%s', (message) => {
    expect(isTransientMessage(message)).toBe(true)
  })

  test.each([
    '',
    'dial tcp: lookup ghcr.io: no such host',
    'unauthorized: authentication required',
    'dockerfile parse error on line 429: unknown instruction',
    'MANIFEST_UNKNOWN: manifest unknown',
    'context deadline exceeded',
    'unexpected status code 404 Not Found',
    'wrote 503 bytes',
    'unexpected status code 501 Not Implemented',
    'unexpected status from GET request to https://x:5000/y: 404 Not Found',
    'curl: (22) The requested URL returned error: 404',
    'tests: timeout of the test',
  ])('not %j', (message) => {
    expect(isTransientMessage(message)).toBe(false)
  })

  test('a long text is read in linear time: only its end counts', () => {
    expect(isTransientMessage(`connection reset\n${'unexpected status '.repeat(20_000)}`)).toBe(false)
  })
})

test.each<[string, number | undefined]>([
  ['toomanyrequests: retry-after: 1.5s, allowed: 44000/minute', 1500],
  ['TOOMANYREQUESTS: retry-after: 256.447µs, allowed: 44000/minute', 0],
  ['429 Too Many Requests, Retry-After: 30', 30_000],
  ['retry after 5m', 120_000],
  ['429 Too Many Requests', undefined],
])('%s asks for a pause of %p ms', (message, afterMs) => {
  expect(classifyMessage(message).afterMs).toBe(afterMs)
})

test.each<[string | undefined, number | null]>([
  [undefined, null],
  ['7', 7000],
  ['600', 120_000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 4000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
])('Retry-After: %s is %p ms', (header, ms) => {
  expect(parseRetryAfter(header, 1000)).toBe(ms)
})

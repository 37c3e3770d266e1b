import { describe, expect, test } from '@jest/globals'
import type { Expectation } from '../request/api-test.ts'
import { capture } from './capture.ts'
import { problemsOf } from './expect.ts'
import type { Reply } from '../send/http.ts'
import { at } from './json-path.ts'
import { fill } from '../request/variables.ts'

const reply = (overrides: Partial<Reply> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ id: 'a-1', items: [{ n: 1 }, { n: 2 }], 'odd name': null }),
  ms: 12,
  ...overrides,
})
const nothing: Expectation = { status: ['2xx'], headers: {}, json: {}, schema: null, latencyMs: null }

describe('an expectation', () => {
  test.each<[string, Partial<Expectation>]>([
    ['a class of status', { status: ['2xx'] }],
    ['one of several status', { status: ['404', '200'] }],
    ['a header that meets a schema', { headers: { 'Content-Type': { pattern: '^application/json' } } }],
    ['a value that is equal', { json: { '$.items[1].n': 2 } }],
    ['a value that meets a schema', { json: { '$.id': { type: 'string', pattern: '^a-' } } }],
    ['a value that is null', { json: { "$['odd name']": null } }],
    ['a list that is equal', { json: { '$.items': [{ n: 1 }, { n: 2 }] } }],
    ['a schema of the whole body', { schema: { required: ['id'] } }],
    ['a latency', { latencyMs: 12 }],
  ])('holds for %s', (_, expectation) => {
    expect(problemsOf(reply(), { ...nothing, ...expectation })).toEqual([])
  })

  test.each<[Partial<Expectation>, Partial<Reply>, string]>([
    [{}, { status: 503, body: 'no  upstream' }, 'status is 503, expected 2xx: no upstream'],
    [{ latencyMs: 10 }, {}, 'it took 12 ms, expected at most 10 ms'],
    [{ headers: { location: '/x' } }, {}, 'header location is missing'],
    [{ headers: { constructor: 'x' } }, {}, 'header constructor is missing'],
    [{ json: { '$.id': 'b' } }, {}, '$.id is "a-1", expected "b"'],
    [{ json: { '$.id': { type: 'integer' } } }, {}, '$.id is "a-1": it must be integer'],
    [{ json: { '$.none': { type: 'string' } } }, {}, '$.none is missing'],
    [{ json: { $: 1 } }, { body: '<html>' }, 'the body is not JSON: <html>'],
    [
      { schema: { required: ['size'] } },
      {},
      "the body does not meet its schema: $ must have required property 'size'",
    ],
  ])('%j says what is wrong', (expectation, overrides, problem) => {
    expect(problemsOf(reply(overrides), { ...nothing, ...expectation })).toEqual([problem])
  })
})

describe('a JSON path', () => {
  const document = { a: [{ b: 1 }, { b: 2 }], 'x y': { z: true } }
  test.each([
    ['$', document],
    ['$.a[0].b', 1],
    ['$.a[-1].b', 2],
    ["$['x y'].z", true],
    ['$.a[5]', undefined],
    ['$.a.length', 2],
    ['$.toString', undefined],
  ])('%s', (path, value) => {
    expect(at(document, path)).toEqual(value)
  })

  test.each(['a.b', '$.', '$[*]', '$..a', '$.a[', ''])('%j is none', (path) => {
    expect(() => at(document, path)).toThrow('JSON path')
  })
})

describe('variables', () => {
  const request = {
    method: 'PUT',
    path: '/d/${id}',
    headers: { 'content-type': 'application/json' },
    body: '{"t":"${id}"}',
  }

  test('are encoded for the place where they stand', () => {
    const filled = fill(request, new Map([['id', 'a/"b"']]))
    expect(filled).toMatchObject({
      kind: 'request',
      request: { path: '/d/a%2F%22b%22', body: '{"t":"a/\\"b\\""}' },
    })
  })

  test('without a captured value are named', () => {
    expect(fill(request, new Map())).toEqual({ kind: 'missing', names: ['id'] })
  })

  test('are captured as text, and left out where their place is empty', () => {
    const captured = capture(reply(), { id: '$.id', n: '$.items[0].n', none: '$.none' })
    expect([...captured]).toEqual([
      ['id', 'a-1'],
      ['n', '1'],
    ])
  })
})

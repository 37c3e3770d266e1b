import { describe, expect, test } from '@jest/globals'
import { parseOpenapi } from './openapi.ts'

const responses = { 200: {}, 404: {} }
const requesting = (
  operation: object,
  { path = '/a', method = 'get', url = 'https://h', more = {}, item = {} } = {},
) => {
  const paths = { [path]: { ...item, [method]: { responses, ...operation } } }
  const openapi = parseOpenapi(JSON.stringify({ openapi: '3.0.3', paths, ...more }), {
    source: 'x',
    url: new URL(url),
  })
  const [one] = openapi.operations
  if (one === undefined) throw new Error('no operation')
  const safe = openapi.safeRequest(one)
  return safe.kind === 'gap' ? safe.because : [safe.test.request.path, safe.test.request.headers]
}
const required = (place: string, name: string, value: object) => ({
  in: place,
  name,
  required: true,
  ...value,
})
const id = (schema: object, value: object = {}) => ({
  parameters: [required('path', 'id', { schema, ...value })],
})
const at = { path: '/a/{id}' }

describe('a safe request', () => {
  test.each<[object, string]>([
    [id({ type: 'string' }, { example: 'x/y' }), '/a/x%2Fy'],
    [id({ type: 'string' }, { examples: { one: { value: 7 } } }), '/a/7'],
    [id({ type: 'string', default: 'd' }), '/a/d'],
    [id({ type: 'string', default: '$&\ud800' }), '/a/%24%26%EF%BF%BD'],
    [id({ enum: ['e', 'f'] }), '/a/e'],
    [id({ type: 'integer', minimum: 10 }), '/a/11'],
    [id({ type: 'string', format: 'uuid' }), '/a/00000000-0000-4000-8000-000000000000'],
    [id({ type: 'string', minLength: 3 }), '/a/aaa'],
  ])('fills in the path by %j', (operation, path) => {
    expect(requesting(operation, at)).toEqual([path, {}])
  })

  test('has required parameters, and those of its path', () => {
    const parameters = [
      required('query', 'q', { example: 'a b' }),
      required('header', 'X-Key', { schema: { default: 'k' } }),
      required('cookie', 'c', { schema: { type: 'boolean' } }),
      { in: 'query', name: 'page', schema: { type: 'integer' } },
    ]
    const item = {
      parameters: [required('query', 'q', { example: 'other' }), required('query', 'r', { example: 1 })],
    }
    expect(requesting({ parameters }, { item })).toEqual([
      '/a?q=a%20b&r=1',
      { 'x-key': 'k', cookie: 'c=true' },
    ])
  })

  test('goes where its operation is served', () => {
    const more = { servers: [{ url: 'https://other/v1' }] }
    expect(requesting({}, { more })).toEqual(['/v1/a', {}])
    expect(requesting({}, { more, url: 'https://h/v1' })).toEqual(['/a', {}])
  })

  test.each<[object, object, string]>([
    [{}, { method: 'post' }, 'it may change something'],
    [{ security: [{ key: [] }] }, {}, 'it needs credentials'],
    [{}, { more: { security: [{ key: [] }] } }, 'it needs credentials'],
    [id({ type: 'string', pattern: '^x' }), at, 'no example of id'],
    [id({ type: 'array' }, { example: [1] }), at, 'no example of id'],
    [
      { ...id({ type: 'integer' }), responses: { 200: {} } },
      at,
      'no example of its path, and no 404 is documented',
    ],
    [{}, at, 'a variable of its path is not described'],
    [{}, { more: { servers: [{ url: '/{v}' }] } }, 'no path below the URL leads to it'],
    [{ parameters: [required('header', 'Host', { example: 'evil' })] }, {}, 'Host cannot be sent'],
    [{ parameters: [required('header', 'X-A', { example: 'a\r\nb: c' })] }, {}, 'X-A cannot be sent'],
    [{ parameters: [required('cookie', 'a', { example: 'x; b=c' })] }, {}, 'a cannot be sent'],
    [{ parameters: [required('elsewhere', 'a', { example: 'x' })] }, {}, 'a cannot be sent'],
    [{ parameters: [{ $ref: '#/none' }] }, {}, 'a parameter is not in the document'],
  ])('is not made of %j %j', (operation, more, because) => {
    expect(requesting(operation, more)).toBe(because)
  })

  test('is made where credentials are optional', () => {
    expect(requesting({ security: [{ key: [] }, {}] })).toEqual(['/a', {}])
  })
})

import { describe, expect, test } from '@jest/globals'
import type { Reply } from '@alt-las/api-tests'
import { parseOpenapi } from './openapi.ts'

const document = {
  openapi: '3.1.0',
  servers: [{ url: 'https://host/v1' }],
  paths: {
    '/d': { get: { responses: { 200: { $ref: '#/components/responses/List' } } } },
    '/d/latest': { get: { responses: { '2XX': { description: 'any' } } } },
    '/d/{id}': {
      parameters: [],
      get: {
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Doc' } } } },
          default: { content: { 'application/problem+json': { schema: { required: ['title'] } } } },
        },
      },
      delete: { responses: { 204: { description: 'gone' } } },
    },
  },
  components: {
    responses: {
      List: {
        content: {
          'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Doc' } } },
        },
      },
    },
    schemas: {
      Doc: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' } } },
    },
  },
}
const at = { source: 'openapi.json', url: new URL('https://shop.example') }
const openapi = parseOpenapi(JSON.stringify(document), at)
const reply = (status: number, body: unknown): Reply => ({
  status,
  headers: {},
  body: JSON.stringify(body),
  ms: 1,
})
const found = (method: string, path: string) => {
  const operation = openapi.find(method, path)
  if (operation === null) throw new Error('not found')
  return operation
}
const uuid = '11111111-1111-4111-8111-111111111111'

describe('an OpenAPI document', () => {
  test('lists its operations, and prefers a literal path to a template', () => {
    expect(openapi.operations).toHaveLength(4)
    expect(openapi.find('GET', '/v1/d/latest?x=1')).toMatchObject({ method: 'GET', path: '/d/latest' })
    expect(openapi.find('DELETE', '/v1/d/7')).toMatchObject({ method: 'DELETE', path: '/d/{id}' })
    expect(openapi.find('PUT', '/v1/d/7')).toBeNull()
    expect(openapi.find('GET', '/v1/d/7/x')).toBeNull()
  })

  test.each([
    ['https://{region}.example/{base}', { base: { default: 'v2' } }, '/v2/d'],
    ['https://{region}.example/v1', undefined, '/v1/d'],
    ['http://[', undefined, '/d'],
  ])('is found below the server %s', (url, variables, path) => {
    const servers = [{ url, variables }]
    expect(parseOpenapi(JSON.stringify({ ...document, servers }), at).find('GET', path)).not.toBeNull()
  })

  test('with a reference that is not encoded answers for it', () => {
    const paths = { '/d': { get: { responses: { default: { $ref: '#/components/%zz' } } } } }
    const odd = parseOpenapi(JSON.stringify({ openapi: '3.1.0', paths }), at)
    const [operation] = odd.operations
    if (operation === undefined) throw new Error('no operation')
    expect(odd.check(operation, reply(200, {}))).toMatchObject({ kind: 'unchecked' })
  })

  test.each([
    ['/v1/d', 200, [{ id: uuid }]],
    ['/v1/d/7', 200, { id: uuid }],
    ['/v1/d/7', 404, { title: 'none' }],
    ['/v1/d/latest', 204, null],
  ])('agrees with %s %d', (path, status, body) => {
    expect(openapi.check(found('GET', path), reply(status, body))).toEqual({ kind: 'agrees' })
  })

  test.each([
    [
      '/v1/d',
      200,
      [{ id: 'x' }],
      'the answer 200 of GET /d does not meet its OpenAPI schema: $[0].id must match format "uuid"',
    ],
    ['/v1/d/7', 200, {}, "$ must have required property 'id'"],
    ['/v1/d/7', 500, {}, "$ must have required property 'title'"],
    ['/v1/d', 500, {}, 'GET /d answered 500, which its OpenAPI document does not describe'],
  ])('names what is wrong with %s %d', (path, status, body, problem) => {
    expect(openapi.check(found('GET', path), reply(status, body))).toEqual({
      kind: 'differs',
      because: expect.stringContaining(problem),
    })
  })

  test.each([
    ['{', 'bad-openapi'],
    ['{"swagger":"2.0"}', 'bad-openapi'],
    ['{"openapi":{"toString":1},"paths":{"/a":{}}}', 'bad-openapi'],
    ['{"openapi":"3.0.1","paths":{}}', 'bad-openapi'],
  ])('is not %s', (text, code) => {
    expect(() => parseOpenapi(text, at)).toThrow(expect.objectContaining({ code }))
  })
})

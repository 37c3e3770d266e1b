import { describe, expect, test } from '@jest/globals'
import type { Reply } from '@alt-las/api-tests'
import { parseOpenapi } from './openapi.ts'

const json = { 'content-type': 'application/json' }
const checking = (
  response: object,
  answer: Partial<Reply>,
  { components = {}, version = '3.1.0', method = 'get' } = {},
) => {
  const paths = { '/a': { [method]: { responses: { 200: response } } } }
  const text = JSON.stringify({ openapi: version, paths, components })
  const openapi = parseOpenapi(text, { source: 'x', url: new URL('https://shop.example') })
  const [operation] = openapi.operations
  if (operation === undefined) throw new Error('no operation')
  return openapi.check(operation, { status: 200, headers: json, body: '{}', ms: 1, ...answer })
}
const content = (types: Record<string, object>) => ({ content: types })
const asJson = (schema: unknown) => content({ 'application/json': { schema } as object })
const object = { schema: { type: 'object', required: ['a'] } }
const text = { schema: { type: 'string', maxLength: 8 } }

describe('the content type of an answer chooses its schema', () => {
  const both = content({
    'application/problem+json': object,
    'application/json': { schema: { required: ['b'] } },
  })
  test.each<[object, Partial<Reply>]>([
    [both, { body: '{"b":1}' }],
    [both, { headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: '{"a":1}' }],
    [content({ 'application/json; charset=utf-8': object }), { body: '{"a":1}' }],
    [content({ 'application/*': object }), { body: '{"a":1}' }],
    [content({ '*/*': object, 'text/*': text }), { body: '{"a":1}' }],
    [content({ '*/*': object, 'text/*': text }), { headers: { 'content-type': 'TEXT/CSV' }, body: 'a,b' }],
    [content({ 'application/json': object }), { headers: {}, body: '{"a":1}' }],
    [
      content({ 'image/png': { schema: { type: 'string', format: 'binary' } } }),
      { headers: { 'content-type': 'image/png' }, body: '?' },
    ],
    [content({ 'application/pdf': {} }), { headers: { 'content-type': 'application/pdf' }, body: '?' }],
    [{}, { headers: {}, body: '' }],
    [content({ 'application/json': object }), { status: 200, body: '{"a":9007199254740993}' }],
  ])('%j agrees with %j', (response, answer) => {
    expect(checking(response, answer)).toEqual({ kind: 'agrees' })
  })

  test.each<[object, Partial<Reply>, string]>([
    [both, { body: '{"a":1}' }, "must have required property 'b'"],
    [
      both,
      { headers: { 'content-type': 'text/html' }, body: '<p>' },
      'with the content type text/html, documented is application/problem+json or application/json',
    ],
    [both, { headers: {}, body: '{}' }, 'with no content type, documented is'],
    [
      content({ 'text/plain': text }),
      { headers: { 'content-type': 'text/plain' }, body: '123456789' },
      'must NOT have more than 8 characters',
    ],
    [content({ 'application/json': object }), { body: '' }, 'without application/json: the body is not JSON'],
    [
      content({ 'application/json': {} }),
      { body: '', unread: 'is not gzip, as its header says' },
      'the body is not gzip',
    ],
  ])('%j differs from %j', (response, answer, because) => {
    expect(checking(response, answer)).toEqual({ kind: 'differs', because: expect.stringContaining(because) })
  })

  test.each<[object, Partial<Reply>, string]>([
    [
      content({ 'application/xml': object }),
      { headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      'the schema of application/xml',
    ],
    [
      content({ 'text/csv': object }),
      { headers: { 'content-type': 'text/csv' }, body: 'a' },
      'the schema of text/csv',
    ],
    [
      content({ 'text/event-stream': text }),
      { headers: { 'content-type': 'text/event-stream' }, body: 'a' },
      'the schema of text/event-stream',
    ],
    [{}, {}, 'the document describes no body'],
    [{ $ref: 'other.yaml#/x' }, {}, '"other.yaml#/x" leads out of the document'],
    [asJson({ $ref: '#/components/schemas/None' }), {}, '"#/components/schemas/None" leads out'],
    [
      asJson({ type: 'object', properties: { a: { pattern: '(?i)x' } } }),
      {},
      'pattern cannot be used: "(?i)x"',
    ],
    [asJson({ type: 'any' }), {}, 'type cannot be used: "any"'],
    [asJson({ $dynamicRef: '#node' }), {}, 'the keyword $dynamicRef is not followed'],
    [asJson({ required: true }), {}, 'required cannot be used: true'],
  ])('%j of %j is named as not checked', (response, answer, because) => {
    expect(checking(response, answer)).toEqual({
      kind: 'unchecked',
      because: expect.stringContaining(because),
    })
  })

  test('what is understood of a schema is checked nevertheless', () => {
    const schema = { required: ['a'], properties: { a: { pattern: '(?i)x' } } }
    expect(checking(asJson(schema), { body: '{}' })).toMatchObject({ kind: 'differs' })
  })

  test('an answer to HEAD has no body', () => {
    expect(checking(content({ 'application/json': object }), { body: '' }, { method: 'head' })).toEqual({
      kind: 'agrees',
    })
  })
})

describe('the headers of an answer', () => {
  const response = (schema: unknown, required = false) => ({ headers: { 'X-A': { required, schema } } })
  test.each([
    [{ type: 'integer', minimum: 3 }, '3'],
    [{ type: 'boolean' }, 'true'],
    [{ type: 'string' }, '3'],
    [{ type: 'array', items: { type: 'integer' } }, '1, 2'],
    [{ type: 'object', properties: { R: { type: 'integer' } }, required: ['R'] }, 'R=1,G=2'],
    [{ type: 'object', properties: { R: { type: 'integer' } }, required: ['R'] }, 'R,1,G,2'],
  ])('%j agrees with %s', (schema, value) => {
    expect(checking(response(schema), { headers: { 'x-a': value }, body: '' })).toEqual({ kind: 'agrees' })
  })

  test('differ where one is missing or wrong', () => {
    expect(checking(response({}, true), { headers: {}, body: '' })).toMatchObject({
      because: 'the header x-a of GET /a is missing',
    })
    expect(checking(response({ type: 'integer' }), { headers: { 'x-a': 'b' }, body: '' })).toMatchObject({
      because: 'the header x-a of GET /a does not meet its OpenAPI schema: $ must be integer',
    })
  })
})

const components = {
  schemas: {
    Owner: { type: 'object', required: ['name'] },
    Secret: { type: 'string', writeOnly: true },
    Tree: {
      type: 'object',
      properties: { kids: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
      required: ['v'],
    },
    User: {
      type: 'object',
      required: ['name', 'code'],
      properties: { code: { $ref: '#/components/schemas/Secret' } },
    },
  },
}
const owner = { $ref: '#/components/schemas/Owner' }
const both = ['3.0.3', '3.1.0']

describe('a schema of OpenAPI as it is written', () => {
  test.each<[readonly string[], object, string]>([
    [['3.0.3'], { properties: { a: { minimum: 0, exclusiveMinimum: true } } }, '{"a":1}'],
    [['3.0.3'], { properties: { a: { maximum: 5, exclusiveMaximum: false } } }, '{"a":5}'],
    [['3.1.0'], { properties: { a: { exclusiveMinimum: 0 } } }, '{"a":1}'],
    [['3.0.3'], { properties: { o: { nullable: true, ...owner } } }, '{"o":null}'],
    [['3.0.3'], { properties: { o: { nullable: true, ...owner } } }, '{"o":{"name":1}}'],
    [['3.0.3'], { properties: { o: { nullable: true, allOf: [owner] } } }, '{"o":null}'],
    [['3.0.3'], { properties: { o: { nullable: true, enum: ['a'] } } }, '{"o":null}'],
    [['3.0.3'], { properties: { o: { type: 'string', nullable: true, enum: ['a'] } } }, '{"o":null}'],
    [['3.0.3'], { properties: { o: { nullable: true } } }, '{"o":1}'],
    [['3.1.0'], { properties: { o: { type: ['string', 'null'] } } }, '{"o":null}'],
    [both, { type: 'object', required: ['a', 'b'], properties: { b: { writeOnly: true } } }, '{"a":1}'],
    [both, { $ref: '#/components/schemas/User' }, '{"name":"a"}'],
    [both, { allOf: [{ $ref: '#/components/schemas/User' }, { required: ['code'] }] }, '{"name":"a"}'],
    [
      both,
      { required: ['p'], properties: { p: { allOf: [{ $ref: '#/components/schemas/Secret' }] } } },
      '{}',
    ],
    [both, { $ref: '#/components/schemas/Tree' }, '{"v":1,"kids":[{"v":2,"kids":[]}]}'],
    [both, { properties: { code: { type: 'string', pattern: '^[A-Z]{2}\\-[0-9]+$' } } }, '{"code":"AB-12"}'],
    [both, { properties: { n: { type: 'integer', format: 'int64', const: 1 } } }, '{"n":1}'],
    [both, { properties: { n: { format: 'phone' } } }, '{"n":"x"}'],
    [['3.1.0'], { ...owner, properties: { a: { const: 1 } } }, '{"name":1,"a":1}'],
    [['3.1.0'], { $defs: { x: { $anchor: 'node', type: 'object' } }, $ref: '#node' }, '{}'],
  ])('%j %j agrees with %s', (versions, schema, body) => {
    for (const version of versions)
      expect(checking(asJson(schema), { body }, { version, components })).toEqual({ kind: 'agrees' })
  })

  test.each<[readonly string[], object, string, string]>([
    [['3.0.3'], { properties: { a: { minimum: 0, exclusiveMinimum: true } } }, '{"a":0}', '$.a must be > 0'],
    [
      ['3.0.3'],
      { properties: { a: { type: 'integer', nullable: true } } },
      '{"a":"x"}',
      '$.a must be integer,null',
    ],
    [
      ['3.0.3'],
      { properties: { o: { nullable: true, ...owner } } },
      '{"o":{}}',
      "$.o must have required property 'name'",
    ],
    [['3.0.3'], { properties: { o: owner } }, '{"o":null}', '$.o must be object'],
    [
      ['3.1.0'],
      { properties: { a: { type: 'string', nullable: true } } },
      '{"a":null}',
      '$.a must be string',
    ],
    [
      both,
      { $ref: '#/components/schemas/Tree' },
      '{"v":1,"kids":[{"kids":[]}]}',
      "$.kids[0] must have required property 'v'",
    ],
    [
      both,
      { required: ['a'], properties: { a: { readOnly: true } } },
      '{}',
      "must have required property 'a'",
    ],
    [both, { properties: { n: { multipleOf: 0.01 } } }, '{"n":0.005}', 'must be multiple of 0.01'],
    [
      ['3.1.0'],
      { ...owner, properties: { a: { const: 1 } } },
      '{"name":1,"a":2}',
      '$.a must be equal to constant',
    ],
    [
      both,
      { oneOf: [{ required: ['b'], properties: { b: {} } }, { required: ['c'] }] },
      '{}',
      "must have required property 'b'",
    ],
  ])('%j %j differs from %s', (versions, schema, body, because) => {
    for (const version of versions)
      expect(checking(asJson(schema), { body }, { version, components })).toEqual({
        kind: 'differs',
        because: expect.stringContaining(because),
      })
  })
})

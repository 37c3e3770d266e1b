// What a verified service serves, and the tests that are written for it.
import fc from 'fast-check'
import {
  capture,
  createCookieJar,
  fill,
  parseApiTests,
  problemsOf,
  urlBelow,
  type Reply,
} from '@alt-las/api-tests'
import { parseOpenapi } from '../../actions/verify/src/api/openapi/openapi.ts'
import { must, tried, type Target } from './harness.ts'
import { mutatedJson, mutatedJsonText } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'
import { oddText } from './odd.ts'

const url = new URL('https://shop.example/base')

const apiTests = {
  tests: [
    {
      name: 'store',
      request: {
        method: 'POST',
        path: '/d/${unique}?a=b',
        headers: { 'X-Key': 'k' },
        json: { title: '${unique}' },
      },
      expect: {
        status: [201, '2xx'],
        headers: { location: { pattern: '^/d/' } },
        json: { '$.id': { type: 'string' }, "$.items[0]['a b']": 1, $: { maximum: 9007199254740992 } },
        schema: {
          type: 'object',
          required: ['id'],
          properties: { id: { type: 'string', pattern: '^[a-z]+$' } },
        },
        latency: '500ms',
      },
      capture: { id: '$.id', a: 'header location', b: 'cookie sid' },
      eventually: '10s',
      load: 3,
    },
  ],
}

const schema = { type: 'array', items: { $ref: '#/components/schemas/Doc' } }
const openapi = {
  openapi: '3.1.0',
  servers: [{ url: '/v1' }],
  paths: {
    '/d': {
      get: {
        responses: {
          200: { content: { 'application/json': { schema } } },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/d/{id}/{a}-{b}': { get: { responses: { '2XX': { description: '' } } } },
  },
  components: {
    responses: { Problem: { content: { 'application/problem+json': { schema: { required: ['title'] } } } } },
    schemas: {
      Doc: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string', format: 'uuid' }, next: { $ref: '#/components/schemas/Doc' } },
      },
    },
  },
}

const user = {
  type: 'object',
  required: ['name', 'code'],
  properties: {
    name: { type: 'string', nullable: true, pattern: '^\\-?a' },
    code: { allOf: [{ $ref: '#/components/schemas/Code' }] },
    age: { type: 'integer', minimum: 0, exclusiveMinimum: true, multipleOf: 9007199254740992 },
  },
  discriminator: { propertyName: 'name' },
}
const older = {
  openapi: '3.0.3',
  servers: [
    {
      url: 'https://{env}.x/{base}',
      variables: { env: { default: 'a', enum: ['a', 'b'] }, base: { default: 'v1' } },
    },
  ],
  paths: {
    '/d': {
      servers: [{ url: '../v1' }],
      get: {
        parameters: [
          { name: 'q', in: 'query', required: true, schema: { type: 'integer', minimum: 3 } },
          { name: 'X-B', in: 'header', required: true, example: 'b' },
        ],
        responses: {
          200: {
            headers: { 'X-A': { required: false, schema: { type: 'array', items: { type: 'integer' } } } },
            content: { 'application/*': { schema: user }, 'text/plain': { schema: { type: 'string' } } },
          },
        },
      },
    },
  },
  components: { schemas: { Code: { type: 'string', writeOnly: true } } },
}

const replies: fc.Arbitrary<Reply> = fc.record({
  status: fc.constantFrom(200, 201, 204, 404, 500),
  headers: fc.constantFrom<Reply['headers']>(
    { location: '/d/a', 'content-type': 'application/json', 'x-a': '1, 2' },
    { 'content-type': 'text/plain', 'x-a': 'b=c' },
    {},
  ),
  cookies: fc.array(fc.oneof(oddText, fc.constantFrom('a=1; Path=/; Max-Age=9', 'b=; Expires=x')), {
    maxLength: 3,
  }),
  body: fc.oneof(
    mutatedJsonText([{ id: 'abc', items: [{ 'a b': 1 }] }, [{ id: '11111111-1111-4111-8111-111111111111' }]]),
    oddText,
  ),
  ms: fc.constant(12),
})

const yamlWords = [
  'tests:\n',
  '- ',
  'name: ',
  'request: ',
  '{path: /',
  '}',
  '? ',
  '[',
  '&a ',
  '*a',
  '//',
  '/\\',
  '"',
  ': ',
  'schema: ',
  'pattern: "^(a+)+$"',
]

export const service: readonly Target[] = [
  tried({
    name: 'API tests',
    inputs: fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: mutatedJsonText([apiTests]) },
        {
          weight: 1,
          arbitrary: mutatedTexts(['tests:\n- name: a\n  request: {path: //host/x}\n'], yamlWords),
        },
      ),
      replies,
    ),
    read: ([text, reply]) => {
      for (const test of parseApiTests(text, 'tests.yaml').slice(0, 5)) {
        const filled = fill(
          test.request,
          new Map([
            ['unique', 'u/1'],
            ['id', '//x'],
          ]),
        )
        if (filled.kind === 'request')
          must(urlBelow(url, filled.request.path).host === url.host, `${filled.request.path} leaves the host`)
        must(
          problemsOf(reply, test.expect).every((problem) => typeof problem === 'string'),
          'a problem',
        )
        for (const value of capture(reply, test.capture).values())
          must(typeof value === 'string', 'a capture')
      }
    },
  }),
  tried({
    name: 'cookies',
    inputs: fc.array(
      fc.oneof(
        oddText,
        mutatedTexts(
          ['sid=1; Path=/base; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Secure'],
          ['; ', '=', 'Max-Age=', '-1', ',', '\r\n'],
        ),
      ),
      { maxLength: 8 },
    ),
    read: (lines) => {
      const jar = createCookieJar(() => 0)
      jar.keep(url, lines)
      const header = jar.header(url)
      must(header === null || (header.includes('=') && !header.includes('\n;')), 'a cookie without a name')
    },
  }),
  tried({
    name: 'OpenAPI',
    inputs: fc.tuple(
      fc.oneof(
        { weight: 6, arbitrary: mutatedJsonText([openapi, older]) },
        {
          weight: 1,
          arbitrary: mutatedTexts(
            ['openapi: 3.0.0\npaths:\n  /a/{b}:\n    get: {}\n'],
            [...yamlWords, 'openapi: 3.1.0\n', 'paths:\n', '{a}', 'get: '],
          ),
        },
      ),
      replies,
      fc.oneof(fc.constantFrom('/v1/d', '/v1/d/7/x-y'), oddText),
    ),
    read: ([text, reply, path]) => {
      const document = parseOpenapi(text, { source: 'openapi.json', url })
      const found = document.find('GET', path)
      must(found === null || document.operations.includes(found), 'an operation of another document')
      for (const operation of document.operations.slice(0, 3)) {
        const safe = document.safeRequest(operation)
        must(
          safe.kind === 'gap' || urlBelow(url, safe.test.request.path).host === url.host,
          'it leaves the host',
        )
        const agreement = document.check(operation, reply)
        must(agreement.kind === 'agrees' || agreement.because !== '', 'no reason is given')
      }
    },
  }),
  tried({
    name: 'answers held against a schema',
    inputs: fc.tuple(mutatedJson([apiTests.tests[0]?.expect.schema]), replies),
    read: ([schema, reply]) => {
      if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return
      problemsOf(reply, {
        status: ['2xx'],
        headers: {},
        json: {},
        latencyMs: null,
        schema: schema as Record<string, unknown>,
      })
    },
  }),
]

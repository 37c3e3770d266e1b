import { describe, expect, test } from '@jest/globals'
import { parseApiTests, type Reply } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { fakeClock, silentLog } from '@alt-las/testing'
import { checkRunner } from '../check.ts'
import { fakeHttp, reply } from '../testing/wire.ts'
import { checkApi } from './check-api.ts'
import type { OpenapiSource } from './suite.ts'

const checking = async (kind: OpenapiSource['kind'], document: () => Reply) =>
  (await running(kind, document)).map(({ name, outcome }) => [name, outcome])
const sentences = async (kind: OpenapiSource['kind'], document: () => Reply) =>
  (await running(kind, document)).map(({ because }) => because)

const good = () => reply({ headers: { 'content-type': 'application/json' }, body: '"x"' })

async function running(
  kind: OpenapiSource['kind'],
  document: () => Reply,
  answer: () => Reply = good,
  generates = false,
) {
  const interrupted = new AbortController().signal
  const clock = fakeClock()
  const checks = checkRunner({ clock, log: silentLog(), interrupted, keep: () => undefined })
  const http = fakeHttp((path) => (path === '/openapi.json' ? document() : answer()))
  const files = { readNamed: () => Promise.resolve(document().body) }
  const plan = { url: new URL('https://shop.example'), timeoutMs: 1000, generates }
  const tests = parseApiTests('tests: [{ name: a, request: { path: /a } }]', 't')
  const run = await checkApi(
    { ...plan, openapi: { kind, path: '/openapi.json' } },
    { tests, variables: new Map() },
    { http, files, clock, interrupted, checks },
  )
  return run.checks
}

const withSchema = (schema: object) => () => {
  const content = { 'application/json': { schema } }
  const paths = { '/a': { get: { responses: { 200: { content } } } } }
  return reply({ body: JSON.stringify({ openapi: '3.1.0', paths }) })
}
const unusable = withSchema({ type: 'string', pattern: '(' })

describe('an OpenAPI document that cannot be used', () => {
  test.each<[string, () => Reply]>([
    ['is absent', () => reply({ status: 404 })],
    ['is none', () => reply({ body: '<html>' })],
    [
      'never ends',
      () => {
        throw new Failure('broken-off', 'the answer is larger than 16 MiB', { fault: 'outside' })
      },
    ],
  ])('is refused where the system serves it and it %s', async (_, document) => {
    await expect(checking('served', document)).resolves.toEqual([
      ['OpenAPI document', 'refused'],
      ['a', 'passed'],
    ])
  })

  test.each(['served', 'file'] as const)(
    'refuses by its coverage where nothing of it was checked: %s',
    async (kind) => {
      await expect(checking(kind, unusable)).resolves.toEqual([
        ['OpenAPI document', 'passed'],
        ['a', 'passed'],
        ['OpenAPI coverage', 'refused'],
      ])
    },
  )

  test('says what was not checked, and by what it is not covered', async () => {
    await expect(sentences('served', unusable)).resolves.toEqual([
      '1 operations',
      'GET /a answered 200 in 5 ms; not checked by the OpenAPI document: pattern cannot be used: "("',
      '0 of 1 operations are covered; not checked: GET /a (pattern cannot be used: "("); expected at least one',
    ])
    const elsewhere = () => reply({ body: '{"openapi":"3.1.0","paths":{"/b":{"get":{}}}}' })
    await expect(sentences('served', elsewhere)).resolves.toEqual([
      '1 operations',
      'GET /a answered 200 in 5 ms; it is no operation of the OpenAPI document',
      '0 of 1 operations are covered; not covered: GET /b; expected at least one',
    ])
  })

  test('says nothing of operations where there was no answer', async () => {
    const document = () => reply({ body: '{"openapi":"3.1.0","paths":{"/a":{"get":{}}}}' })
    const broken = () => {
      throw new Failure('broken-off', 'reset', { fault: 'outside' })
    }
    const checks = await running('served', document, broken)
    expect(checks.map(({ because }) => because)).toEqual([
      '1 operations',
      'reset',
      '0 of 1 operations are covered; not covered: GET /a; expected at least one',
    ])
  })

  test('sends the safe requests of the operations that no test has reached, where it is asked to', async () => {
    const content = { 'application/json': { schema: { type: 'string' } } }
    const get = { responses: { 200: { content } } }
    const wrong = { responses: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } } }
    const paths = { '/a': { get, post: get }, '/b': { get }, '/c': { get: wrong } }
    const document = () => reply({ body: JSON.stringify({ openapi: '3.1.0', paths }) })
    const checks = await running('served', document, good, true)
    expect(checks.map(({ name, outcome, because }) => [name, outcome, because])).toEqual([
      ['OpenAPI document', 'passed', '4 operations'],
      ['a', 'passed', 'GET /a answered 200 in 5 ms'],
      ['GET /b (generated)', 'passed', 'GET /b answered 200 in 5 ms'],
      [
        'GET /c (generated)',
        'refused',
        'GET /c: the answer 200 of GET /c does not meet its OpenAPI schema: $ must be object',
      ],
      [
        'OpenAPI coverage',
        'passed',
        '3 of 4 operations are covered; not covered: POST /a (it may change something)',
      ],
    ])
  })

  test('is covered by an answer that was checked, whatever the others of its operation are', async () => {
    const content = { 'application/json': { schema: { type: 'string' } } }
    const responses = {
      200: { content },
      404: { content: { 'application/xml': { schema: { type: 'object' } } } },
    }
    const paths = { '/a': { get: { responses } }, '/b': { get: {} } }
    await expect(
      sentences('served', () => reply({ body: JSON.stringify({ openapi: '3.1.0', paths }) })),
    ).resolves.toContainEqual('1 of 2 operations are covered; not covered: GET /b')
  })

  test('is failed where it is a file of the checkout, and where the system was not reached', async () => {
    const none = () => reply({ body: '<html>' })
    await expect(checking('file', none)).resolves.toContainEqual(['OpenAPI document', 'failed'])
    const away = (): Reply => {
      throw new Failure('unreachable', 'no route', { fault: 'outside' })
    }
    await expect(checking('served', away)).resolves.toContainEqual(['OpenAPI document', 'failed'])
  })
})

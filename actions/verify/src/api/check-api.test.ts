import { describe, expect, test } from '@jest/globals'
import { parseApiTests, type Reply } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { fakeClock, silentLog } from '@alt-las/testing'
import { checkRunner } from '../check.ts'
import { fakeHttp, reply } from '../testing/wire.ts'
import { checkApi } from './check-api.ts'
import type { OpenapiSource } from './suite.ts'

async function checking(kind: OpenapiSource['kind'], document: () => Reply) {
  const interrupted = new AbortController().signal
  const clock = fakeClock()
  const checks = checkRunner({ clock, log: silentLog(), interrupted, keep: () => undefined })
  const json = { 'content-type': 'application/json' }
  const http = fakeHttp((path) =>
    path === '/openapi.json' ? document() : reply({ headers: json, body: '"x"' }),
  )
  const files = { readNamed: () => Promise.resolve(document().body) }
  const plan = { url: new URL('https://shop.example'), timeoutMs: 1000 }
  const tests = parseApiTests('tests: [{ name: a, request: { path: /a } }]', 't')
  const run = await checkApi(
    { ...plan, openapi: { kind, path: '/openapi.json' } },
    { tests, variables: new Map() },
    { http, files, clock, interrupted, checks },
  )
  return run.checks.map(({ name, outcome }) => [name, outcome])
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

  test('refuses the answer of a system that serves it with an unusable schema', async () => {
    await expect(checking('served', unusable)).resolves.toContainEqual(['a', 'refused'])
  })

  test('is failed where it is a file of the checkout, and where the system was not reached', async () => {
    const none = () => reply({ body: '<html>' })
    await expect(checking('file', none)).resolves.toContainEqual(['OpenAPI document', 'failed'])
    await expect(checking('file', unusable)).resolves.toContainEqual(['a', 'failed'])
    const away = (): Reply => {
      throw new Failure('unreachable', 'no route', { fault: 'outside' })
    }
    await expect(checking('served', away)).resolves.toContainEqual(['OpenAPI document', 'failed'])
  })
})

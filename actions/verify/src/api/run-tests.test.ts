import { describe, expect, test } from '@jest/globals'
import { parseApiTests, type Reply } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { fakeClock, silentLog } from '@alt-las/testing'
import { runTests } from './run-tests.ts'
import { checkRunner } from '../check.ts'
import { fakeHttp, reply } from '../testing/wire.ts'

const running = async (yaml: string, answer: (path: string) => Reply) => {
  const interrupted = new AbortController().signal
  const clock = fakeClock()
  const checks = checkRunner({ clock, log: silentLog(), interrupted, keep: () => undefined })
  const ran = await runTests(
    {
      url: new URL('https://shop.example'),
      tests: parseApiTests(yaml, 't'),
      openapi: null,
      timeoutMs: 1000,
      variables: new Map([['unique', 'u1']]),
    },
    { http: fakeHttp(answer), clock, interrupted, checks },
  )
  return { checks: ran.checks.map(({ outcome, because }) => [outcome, because]), slept: clock.slept }
}

const chain = `
tests:
  - { name: store, request: { method: POST, path: /d, json: { title: 'a \${unique}' } }, expect: { status: 201 }, capture: { id: $.id } }
  - { name: read, request: { path: '/d/\${id}' } }`

describe('API tests', () => {
  test('run in their order, each with what the ones before it captured', async () => {
    const paths: string[] = []
    const { checks } = await running(chain, (path) => {
      paths.push(path)
      return reply({ status: path === '/d' ? 201 : 200, body: '{"id":"x 1"}' })
    })
    expect(paths).toEqual(['/d', '/d/x%201'])
    expect(checks.map(([outcome]) => outcome)).toEqual(['passed', 'passed'])
  })

  test('are refused, not skipped, where an earlier answer did not give what they need', async () => {
    const { checks } = await running(chain, () => reply({ status: 500, body: 'down' }))
    expect(checks).toEqual([
      ['refused', 'POST /d: status is 500, expected 201: down; the answer holds nothing at $.id for ${id}'],
      ['refused', 'no earlier answer gave ${id}'],
    ])
  })

  test('are failed, not refused, where the system could not be reached', async () => {
    const { checks } = await running('tests: [{ name: a, request: { path: / } }]', () => {
      throw new Failure('unreachable', 'no route', { fault: 'outside' })
    })
    expect(checks).toEqual([['failed', 'no route']])
  })

  test('are refused where the system breaks off', async () => {
    const { checks } = await running('tests: [{ name: a, request: { path: / } }]', () => {
      throw new Failure('broken-off', 'reset', { fault: 'outside' })
    })
    expect(checks).toEqual([['refused', 'reset']])
  })

  test('are repeated only where they say `eventually`, and no longer', async () => {
    const yaml = 'tests: [{ name: a, request: { path: / }, eventually: 2s }]'
    let asked = 0
    const later = await running(yaml, () => reply({ status: ++asked < 3 ? 503 : 200 }))
    expect(later.checks[0]?.[0]).toBe('passed')
    const never = await running(yaml, () => reply({ status: 503 }))
    expect(never.checks[0]?.[0]).toBe('refused')
    expect(never.slept).toEqual([500, 500, 500, 500])
  })
})

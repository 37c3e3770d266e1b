import { parseApiTests } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import type { PassedAnswer, PassedRequest } from '@alt-las/kubernetes'
import { fakeClock } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { smoke } from './smoke.ts'

const target = { kind: 'service', namespace: 'shop', name: 'web-canary', port: '80', scheme: 'http' } as const
const by = 'by the service web-canary:80 through the API server'

async function smoking(yaml: string, answer: (request: PassedRequest) => Partial<PassedAnswer>) {
  const clock = fakeClock()
  const sent: string[] = []
  const ports = {
    clock,
    interrupted: new AbortController().signal,
    unique: 'u1',
    forward: {
      send: async (_to: unknown, request: PassedRequest) => {
        sent.push(`${request.method} ${request.path}`)
        return { status: 200, headers: {}, body: '{}', ms: 5, ...(await answer(request)) }
      },
    },
  }
  const result = await smoke(ports).run(parseApiTests(yaml, 't'), target)
  return { ...result, sent, slept: clock.slept }
}

const two = `
tests:
  - { name: store, request: { method: POST, path: /d, json: { title: 'a \${unique}' } }, capture: { id: $.id } }
  - { name: read, request: { path: '/d/\${id}' } }`
const one = 'tests: [{ name: home, request: { path: / } }]'
const refuse =
  (code: string, message = 'no endpoints') =>
  () => {
    throw new Failure(code, message, { fault: 'outside' })
  }

describe('API tests against the new version alone', () => {
  test('pass in their order, with what earlier answers gave', async () => {
    const result = await smoking(two, () => ({ body: '{"id":"7"}' }))
    expect(result).toMatchObject({ outcome: 'passed', because: `all 2 API tests passed ${by}` })
    expect(result.sent).toEqual(['POST /d', 'GET /d/7'])
  })

  test('keep cookies, follow redirects and send forms as those of verify do', async () => {
    const login = `
tests:
  - { name: login, request: { method: POST, path: /login, form: { user: 'a b' }, redirects: follow }, capture: { sid: cookie sid } }
  - { name: read, request: { path: /me, headers: { x-sid: '\${sid}' } } }`
    const seen: unknown[] = []
    const result = await smoking(login, ({ path, headers, body }) => {
      seen.push([path, headers['cookie'], headers['x-sid'], body])
      if (path === '/login') return { status: 302, headers: { location: '/home' }, cookies: ['a=1'] }
      return path === '/home' ? { cookies: ['sid=7'] } : {}
    })
    expect(result).toMatchObject({ outcome: 'passed' })
    expect(seen).toEqual([
      ['/login', undefined, undefined, 'user=a+b'],
      ['/home', 'a=1', undefined, null],
      ['/me', 'a=1; sid=7', '7', null],
    ])
  })

  test('are refused by the first wrong answer, and the others are still run', async () => {
    const result = await smoking(two, ({ method }) => (method === 'GET' ? {} : { status: 500 }))
    expect(result).toMatchObject({
      outcome: 'refused',
      because: expect.stringContaining(`2 of 2 API tests were refused ${by}: store: POST /d: status is 500`),
      checks: [{ outcome: 'refused' }, { outcome: 'refused' }],
    })
  })

  test('wait for pods that the API server does not reach yet, for some seconds', async () => {
    let tries = 0
    const healed = await smoking(one, () => ((tries += 1) < 3 ? refuse('unavailable')() : {}))
    expect(healed).toMatchObject({ outcome: 'passed', slept: [1000, 1000] })
    const never = await smoking(one, refuse('unavailable'))
    expect(never).toMatchObject({
      outcome: 'failed',
      because: expect.stringContaining(`the API test home could not be done ${by}: GET / did not reach`),
    })
    expect(never.slept).toHaveLength(15)
  })

  test('are refused at once by a connection that breaks off, and wait for one that is not there', async () => {
    const broken = await smoking(one, refuse('unavailable', '503: error trying to reach service: EOF'))
    expect(broken).toMatchObject({ outcome: 'refused', slept: [] })
    const dial = '503: error trying to reach service: dial tcp 10.0.0.1:80: connect: connection refused'
    expect(await smoking(one, refuse('unavailable', dial))).toMatchObject({ outcome: 'failed' })
  })

  test.each(['forbidden', 'not-found'])('cannot be done where the proxy is %s', async (code) => {
    const result = await smoking(one, refuse(code))
    expect(result).toMatchObject({ outcome: 'failed', slept: [] })
  })

  test('without an answer in time are refused', async () => {
    const result = await smoking(one, refuse('timeout'))
    expect(result).toMatchObject({ outcome: 'refused', slept: [] })
  })

  test('are not sent where a captured value would be changed on its way', async () => {
    const result = await smoking(two, () => ({ body: '{"id":"a/b"}' }))
    expect(result.sent).toEqual(['POST /d'])
    expect(result).toMatchObject({
      outcome: 'failed',
      because: expect.stringContaining("cleaned by the API server's proxy"),
    })
  })

  test('say that their time includes the proxy', async () => {
    const slow = 'tests: [{ name: home, request: { path: / }, expect: { latency: 100ms } }]'
    const result = await smoking(slow, () => ({ ms: 250 }))
    expect(result.because).toContain(
      "it took 250 ms, expected at most 100 ms (times include the API server's proxy)",
    )
  })

  test('end together: what has no time left is not done', async () => {
    const many = `tests: [${Array.from({ length: 3 }, (_, index) => `{ name: t${index}, request: { path: / }, expect: { status: 418 }, eventually: 3m }`).join(', ')}]`
    const result = await smoking(many, () => ({}))
    expect(result).toMatchObject({
      outcome: 'failed',
      because: expect.stringContaining('t2 could not be done'),
    })
  })
})

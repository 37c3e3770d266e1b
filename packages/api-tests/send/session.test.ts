import { describe, expect, test } from '@jest/globals'
import type { ApiRequest } from '../request/api-test.ts'
import { parseApiTests } from '../api-file.ts'
import { capture } from '../expect/capture.ts'
import { cookieValue, createCookieJar } from './cookies.ts'
import { urlBelow, type Http, type Reply } from './http.ts'
import { withSession } from './session.ts'

const now = Date.UTC(2026, 0, 1)
const base = new URL('https://shop.example/api')
const at = (path: string) => urlBelow(base, path)

describe('cookies', () => {
  const jarWith = (path: string, ...lines: readonly string[]) => {
    const jar = createCookieJar(() => now)
    jar.keep(at(path), lines)
    return jar
  }

  test.each<[string, readonly string[], string, string | null]>([
    ['several', ['sid=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT', 'lang=en'], '/x', 'sid=1; lang=en'],
    ['the path of the request by default', ['a=1'], '/login/x', 'a=1'],
    ['a path of its own', ['a=1; Path=/api/orders', 'b=2; path=/'], '/orders/7', 'a=1; b=2'],
    ['another path', ['a=1; Path=/api/orders'], '/ordersX', null],
    ['a value with an equals sign', ['a="x=y"'], '/x', 'a="x=y"'],
    ['one that has expired', ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=1; Max-Age=0'], '/x', null],
    [
      'one whose age goes before its date',
      ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      '/x',
      'a=1',
    ],
    ['one that is set again, and one that is removed', ['a=1', 'a=2', 'b=1', 'b=; Max-Age=0'], '/x', 'a=2'],
    ['a secure one', ['a=1; Secure; HttpOnly'], '/x', 'a=1'],
    ['none without a name', ['=1', 'x', ''], '/x', null],
  ])('%s', (_, lines, path, header) => {
    expect(jarWith('/login', ...lines).header(at(path))).toBe(header)
  })

  test('that are secure stay away from plain HTTP', () => {
    expect(jarWith('/x', 'a=1; Secure').header(new URL('http://shop.example/api/x'))).toBeNull()
  })

  test('have a limit', () => {
    const jar = jarWith('/x', ...Array.from({ length: 5000 }, (_, n) => `c${n}=1`), `big=${'x'.repeat(9000)}`)
    expect(jar.header(at('/x'))?.split('; ')).toHaveLength(200)
  })

  test('are captured by name, as headers are', () => {
    const cookies = ['sid=1; Path=/', 'lang=en']
    const reply: Reply = { status: 200, headers: { location: '/x' }, cookies, body: '', ms: 1 }
    expect(capture(reply, { s: 'cookie sid', l: 'header Location', n: 'cookie none', j: '$.id' })).toEqual(
      new Map([
        ['s', '1'],
        ['l', '/x'],
      ]),
    )
    expect(cookieValue(cookies, 'constructor')).toBeNull()
  })
})

type Answer = Partial<Reply>
const request: ApiRequest = { method: 'GET', path: '/login', headers: {}, body: null }

async function sending(
  answers: Readonly<Record<string, Answer>>,
  ...requests: readonly Partial<ApiRequest>[]
) {
  const sent: string[] = []
  const http: Http = {
    send: (url, { method, path, headers, body }) => {
      const { pathname } = urlBelow(url, path)
      sent.push([method, pathname, headers['cookie'] ?? '-', body ?? '-'].join(' '))
      const answer = answers[`${method} ${pathname}`] ?? { status: 404 }
      return Promise.resolve({ status: 200, headers: {}, body: '', ms: 1, ...answer })
    },
  }
  const session = withSession(http, { now: () => now })
  const replies: Reply[] = []
  for (const one of requests) replies.push(await session.send(base, { ...request, ...one }, { timeoutMs: 1 }))
  return { sent, replies }
}
const to = (location: string, status = 302, more: Answer = {}): Answer => ({
  status,
  headers: { location },
  ...more,
})

describe('a session', () => {
  test('sends the cookies of the answers before', async () => {
    const { sent } = await sending({ 'GET /api/login': { cookies: ['sid=1'] } }, {}, { path: '/home' })
    expect(sent).toEqual(['GET /api/login - -', 'GET /api/home sid=1 -'])
  })

  test('sends what a test names instead, and nothing where that is empty', async () => {
    const login = { 'GET /api/login': { cookies: ['sid=1'] } }
    const own = (cookie: string) => ({ path: '/home', headers: { cookie } })
    const { sent } = await sending(login, {}, own('a=b'), own(''))
    expect(sent.slice(1)).toEqual(['GET /api/home a=b -', 'GET /api/home - -'])
  })

  test('follows no redirect that is not asked for', async () => {
    const { replies } = await sending({ 'GET /api/login': to('/api/home') }, {})
    expect(replies).toMatchObject([{ status: 302 }])
  })

  test.each<[string, number, string, string]>([
    ['POST', 302, '/api/home', 'GET /api/home sid=1 -'],
    ['POST', 303, 'home', 'GET /api/home sid=1 -'],
    ['POST', 307, '/api/home', 'POST /api/home sid=1 x'],
    ['PUT', 302, '/api/home', 'PUT /api/home sid=1 x'],
    ['GET', 308, 'https://shop.example/other?a=b', 'GET /other sid=1 x'],
  ])('follows where it is asked to: %s %d %s', async (method, status, location, next) => {
    const cookies = ['sid=1; path=/']
    const answers = { [`${method} /api/login`]: to(location, status, { cookies }), 'GET /api/home': {} }
    const { sent, replies } = await sending(answers, { method, body: 'x', redirects: 'follow' })
    expect(sent.slice(1)).toEqual([next])
    const [, path = ''] = next.split(' ')
    const from = { method: next.split(' ')[0], path: path.startsWith('/api/') ? path.slice(4) : null }
    expect(replies).toMatchObject([{ from, ms: 2 }])
  })

  test.each(['https://evil.example/', '//evil.example/', 'http://shop.example/api/home', 'http://['])(
    'takes a redirect to %s for the answer',
    async (location) => {
      const { sent, replies } = await sending({ 'GET /api/login': to(location) }, { redirects: 'follow' })
      expect(sent).toHaveLength(1)
      expect(replies).toMatchObject([{ status: 302 }])
    },
  )

  test('ends a loop after five redirects', async () => {
    const { sent, replies } = await sending({ 'GET /api/login': to('/api/login') }, { redirects: 'follow' })
    expect(sent).toHaveLength(6)
    expect(replies).toMatchObject([{ status: 302 }])
  })
})

test('the places of captures and the redirects are read from a file', () => {
  const [one] = parseApiTests(
    'tests: [{ name: a, request: { path: /x, redirects: follow }, capture: { a: header x-a, b: cookie sid, c: $.id } }]',
    't',
  )
  expect(one).toMatchObject({ request: { redirects: 'follow' }, capture: { a: 'header x-a' } })
  expect(() =>
    parseApiTests('tests: [{ name: a, request: { path: /x }, capture: { a: headers x } }]', 't'),
  ).toThrow('got "headers x", expected a JSON path such as $.items[0].id')
})

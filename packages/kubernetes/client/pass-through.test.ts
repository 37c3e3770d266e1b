import { fakeClock } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import type { Answer, Ask } from './connection.ts'
import { isApiServerHeader, passThroughOver } from './pass-through.ts'

const service = {
  kind: 'service',
  namespace: 'shop',
  name: 'web-canary',
  port: '80',
  scheme: 'http',
} as const
const request = {
  method: 'GET',
  path: '/orders?x=1',
  headers: { 'x-a': 'b' },
  body: null,
  timeoutMs: 10,
} as const

function passing(answer: Answer) {
  const asked: Ask[] = []
  const ask = (one: Ask) => {
    asked.push(one)
    return Promise.resolve(answer)
  }
  return { asked, forward: passThroughOver({ ask }, fakeClock()) }
}

describe('a request to the pods', () => {
  test.each([
    [service, '/api/v1/namespaces/shop/services/web-canary:80/proxy/orders?x=1'],
    [
      { ...service, port: '443', scheme: 'https' },
      '/api/v1/namespaces/shop/services/https:web-canary:443/proxy/orders?x=1',
    ],
    [
      { ...service, kind: 'pod', name: 'web-smoke', port: '8080' },
      '/api/v1/namespaces/shop/pods/web-smoke:8080/proxy/orders?x=1',
    ],
  ] as const)('goes through the proxy of the API server', async (to, path) => {
    const { asked, forward } = passing({ status: 200, text: 'ok' })
    await expect(forward.send(to, request)).resolves.toMatchObject({ status: 200, body: 'ok' })
    expect(asked).toEqual([
      { method: 'GET', path, raw: { headers: { 'x-a': 'b' }, body: null }, timeoutMs: 10 },
    ])
  })

  test.each([
    ['/api/v1/namespaces/shop/services/web-canary:80/proxy/d/1?q#f', '/d/1?q#f'],
    ['https://10.0.0.1:6443/api/v1/namespaces/shop/services/web-canary:80/proxy/d/1', '/d/1'],
    ['https://shop.example/d/1', 'https://shop.example/d/1'],
  ])('that is redirected to %s is told the pods’ own location', async (location, own) => {
    const { forward } = passing({ status: 302, text: '', headers: { location } })
    await expect(forward.send(service, request)).resolves.toMatchObject({ headers: { location: own } })
  })

  test('is answered with cookies, and with why a body is unread', async () => {
    const told = { cookies: ['a=1', 'b=2'], unread: 'is not gzip, as its header says' }
    const { forward } = passing({ status: 200, text: '', ...told })
    await expect(forward.send(service, request)).resolves.toMatchObject({ body: '', ...told })
  })

  test('may be answered with any status, which is theirs', async () => {
    const { forward } = passing({ status: 503, text: '{"kind":"Outage"}' })
    await expect(forward.send(service, request)).resolves.toMatchObject({ status: 503 })
  })

  test.each([
    [503, 'ServiceUnavailable', 'unavailable'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
  ])('that the API server itself answers with %i throws', async (code, reason, failure) => {
    const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code })
    const { forward } = passing({ status: code, text })
    await expect(forward.send(service, request)).rejects.toMatchObject({ code: failure })
  })

  test.each(['Authorization', 'impersonate-user', 'X-Remote-Group'])(
    'never asks the API server in another name: %s',
    async (name) => {
      const { asked, forward } = passing({ status: 200, text: '' })
      await expect(forward.send(service, { ...request, headers: { [name]: 'admin' } })).rejects.toMatchObject(
        {
          code: 'invalid',
        },
      )
      expect(asked).toEqual([])
      expect(isApiServerHeader(name)).toBe(true)
    },
  )
})

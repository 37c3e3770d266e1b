import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import { httpAsk } from './http-ask.ts'

describe('httpAsk', () => {
  let server: Server
  let base = ''
  const http = systemHttp({})
  const sockets = new Set<unknown>()
  const agents: (string | undefined)[] = []

  beforeEach(async () => {
    sockets.clear()
    agents.length = 0
    server = createServer((request, response) => {
      sockets.add(request.socket)
      agents.push(request.headers['user-agent'])
      if (request.url === '/silent') return
      if (request.url === '/cut') return request.socket.destroy()
      if (request.url === '/moved') return response.writeHead(302, { location: '/' }).end()
      return response.writeHead(request.url === '/bad' ? 503 : 200).end('x'.repeat(100_000))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  })

  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  afterAll(http.close)
  const never = new AbortController().signal
  const ask = (path: string, fresh = false) => httpAsk(http)(base + path, { fresh, signal: never })

  test.each([
    ['/', 200],
    ['/bad', 503],
    ['/moved', 302],
    ['/cut', null],
  ])('%s answers %s', async (path, status) => {
    expect(await ask(path)).toBe(status)
  })

  test('it says who it is', async () => {
    await ask('/')
    expect(agents).toEqual(['alt-las-canary-deploy (synthetic)'])
  })

  test('connections are kept, but for fresh ones', async () => {
    for (const fresh of [false, false, true, true]) await ask('/', fresh)
    expect(sockets.size).toBe(3)
  })

  test('an aborted one is given up', async () => {
    const over = new AbortController()
    const asked = httpAsk(http)(`${base}/silent`, { fresh: true, signal: over.signal })
    over.abort()
    expect(await asked).toBeNull()
  })

  test('no request waits for ever', async () => {
    const impatient = httpAsk(http, 1)
    expect(await impatient(`${base}/silent`, { fresh: true, signal: never })).toBeNull()
  })

  test('without a listener there is no answer', async () => {
    expect(await httpAsk(http)('http://127.0.0.1:1/', { fresh: true, signal: never })).toBeNull()
  })
})

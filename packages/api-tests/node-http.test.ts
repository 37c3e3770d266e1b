import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { wire } from '@alt-las/testing'
import { nodeHttp } from './node-http.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`)
}

function client(connections = 2) {
  const http = nodeHttp({ connections, proxyEnv: {}, userAgent: 'alt-las-test', unreachableHint: 'check it' })
  closing.push(http.close)
  return http
}

const request = { method: 'POST', path: '/x?y=1', headers: { 'x-a': 'b' }, body: 'hällo' }
const options = { timeoutMs: 2000 }

/** Does `act` when an answer is read and its connection is about to go back to the pool, one turn before its end is told. */
function beforeRelease(act: () => void): void {
  const onSocket = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket }
    // From here on, so that the HTTP client has read the bytes before we see them.
    socket.once('connect', () => {
      socket.on('data', () => {
        process.nextTick(act)
      })
    })
  }
  subscribe('net.client.socket', onSocket)
  closing.push(() => unsubscribe('net.client.socket', onSocket))
}

describe('a request', () => {
  test('goes below the base URL, with its headers and its body', async () => {
    const url = await serving((incoming, response) => {
      const { method, url: path, headers } = incoming
      response.setHeader('X-Twice', ['1', '2'])
      response.end(JSON.stringify({ method, path, a: headers['x-a'], length: headers['content-length'] }))
    })
    const { status, headers, body } = await client().send(url, request, options)
    expect({ status, twice: headers['x-twice'] }).toEqual({ status: 200, twice: '1, 2' })
    expect(JSON.parse(body)).toEqual({ method: 'POST', path: '/base/x?y=1', a: 'b', length: '6' })
  })

  test.each(['//127.0.0.2:9/x', '/\\127.0.0.2:9/x', '//user@127.0.0.2:9/x'])(
    'with the path %s stays on the host of the base URL',
    async (path) => {
      const url = new URL('/', await serving((incoming, response) => response.end(incoming.url)))
      const { body } = await client().send(url, { ...request, path }, options)
      expect(body).toMatch(/^\/\/.*127\.0\.0\.2:9\/x$/)
    },
  )

  test('follows no redirect', async () => {
    const url = await serving((_, response) => response.writeHead(302, { location: '/other' }).end())
    await expect(client().send(url, request, options)).resolves.toMatchObject({ status: 302 })
  })

  test('that is broken off is an answer about the system', async () => {
    const url = await serving((incoming) => incoming.socket.destroy())
    await expect(client().send(url, request, options)).rejects.toMatchObject({ code: 'broken-off' })
  })

  test('that gets no answer is one too', async () => {
    const url = await serving(() => undefined)
    await expect(client().send(url, request, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'no-answer' })
  })

  test('whose connection is refused was not accepted', async () => {
    const url = new URL('http://127.0.0.1:1/')
    await expect(client().send(url, request, options)).rejects.toMatchObject({ code: 'not-accepted' })
  })

  test('that a proxy did not take says nothing about the system', async () => {
    const proxyEnv = { http_proxy: 'http://127.0.0.1:1' }
    const http = nodeHttp({ connections: 1, proxyEnv, userAgent: 'x', unreachableHint: 'check it' })
    closing.push(http.close)
    const sent = http.send(new URL('http://shop.example/'), request, options)
    await expect(sent).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('waits for one of the connections', async () => {
    let most = 0
    let now = 0
    const url = await serving((_, response) => {
      now += 1
      most = Math.max(most, now)
      setImmediate(() => {
        now -= 1
        response.end()
      })
    })
    const http = client(2)
    await Promise.all(Array.from({ length: 12 }, () => http.send(url, request, options)))
    expect(most).toBeLessThanOrEqual(2)
  })

  test('that is interrupted throws the reason', async () => {
    const url = await serving(() => undefined)
    const signal = AbortSignal.abort(new Error('interrupted by SIGINT'))
    await expect(client().send(url, request, { ...options, signal })).rejects.toThrow('interrupted by SIGINT')
  })

  test('that is interrupted while its connection goes back to the pool is no uncaught exception', async () => {
    const server = await wire(() => ({ status: 200, body: 'hello' }))
    const abort = new AbortController()
    beforeRelease(() => {
      abort.abort()
    })
    const sent = client().send(new URL(server.url), request, { ...options, signal: abort.signal })
    await sent.catch(() => undefined)
    await new Promise(setImmediate)
    expect(abort.signal.aborted).toBe(true)
    await server.close()
  })

  test('with an answer that is too large is broken off: that is an answer about the system, too', async () => {
    const url = await serving((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024)))
    await expect(client().send(url, request, options)).rejects.toMatchObject({
      code: 'broken-off',
      message: expect.stringContaining('the answer is larger than 16 MiB'),
    })
  })
})

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
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

  test('with an answer that is too large has its status and headers, and no body', async () => {
    const url = await serving((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024)))
    await expect(client().send(url, request, { timeoutMs: 60_000 })).resolves.toMatchObject({
      status: 200,
      body: '',
      unread: 'is larger than 16 MiB',
    })
  })

  test('with an answer that does not end is broken off', async () => {
    const part = Buffer.alloc(1 << 20)
    const url = await serving((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(part));
      }
      response.on('drain', more)
      more()
    })
    await expect(client().send(url, request, { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'broken-off',
      message: expect.stringContaining('the answer is larger than 256 MiB'),
    })
  }, 60_000)

  test.each<[string, Record<string, string>, Uint8Array, object]>([
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('hällo'), { body: 'hällo' }],
    [
      'another charset',
      { 'content-type': 'text/plain; charset="ISO-8859-1"' },
      Buffer.from('hällo', 'latin1'),
      { body: 'hällo' },
    ],
    [
      'an unknown charset',
      { 'content-type': 'text/plain; charset=none' },
      Buffer.from('hällo'),
      { body: 'hällo' },
    ],
    ['a byte order mark', {}, Buffer.from('\ufeff{}'), { body: '{}' }],
    [
      'a wrong encoding',
      { 'content-encoding': 'br' },
      Buffer.from('hällo'),
      { body: '', unread: 'is not br, as its header says' },
    ],
  ])('reads %s', async (_, headers, bytes, expected) => {
    const url = await serving((_incoming, response) => response.writeHead(200, headers).end(bytes))
    await expect(client().send(url, request, options)).resolves.toMatchObject({ status: 200, ...expected })
  })

  test('of a load drops the body', async () => {
    const url = await serving((_, response) => response.end('hello'))
    await expect(client().send(url, request, { ...options, skipBody: true })).resolves.toMatchObject({
      body: '',
    })
  })

  test('that breaks off within the answer, or is no HTTP, is told apart', async () => {
    const half = await serving((_, response) => void response.write('half', () => response.destroy()))
    await expect(client().send(half, request, options)).rejects.toMatchObject({ code: 'broken-off' })
    const odd = await serving((incoming) => incoming.socket.end('HTTP/1.1 200 OK\r\nx bad: 1\r\n\r\n'))
    await expect(client().send(odd, request, options)).rejects.toMatchObject({
      code: 'broken-off',
      message: expect.stringContaining('the answer is not valid HTTP'),
    })
  })
})

describe('a kept connection that the server has closed', () => {
  const closingSecond = async () => {
    const seen: string[] = []
    const used = new Set<Socket>()
    const url = await serving((incoming, response) => {
      if (used.has(incoming.socket)) return void incoming.socket.destroy()
      used.add(incoming.socket)
      seen.push(incoming.method ?? '')
      response.end()
    })
    return { url, seen }
  }

  test('is no fault: an idempotent request is sent once more', async () => {
    const { url, seen } = await closingSecond()
    const http = client(1)
    for (const method of ['GET', 'PUT'])
      await expect(http.send(url, { ...request, method }, options)).resolves.toMatchObject({ status: 200 })
    expect(seen).toEqual(['GET', 'PUT'])
  })

  test('is one for a request that must not be done twice', async () => {
    const { url, seen } = await closingSecond()
    const http = client(1)
    await http.send(url, { ...request, method: 'GET' }, options)
    await expect(http.send(url, request, options)).rejects.toMatchObject({ code: 'broken-off' })
    expect(seen).toEqual(['GET'])
  })
})

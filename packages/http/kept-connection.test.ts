import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { fetchAll, systemHttp, type SendOptions } from './index.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listening(server: Server): Promise<URL> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** Answers one request per connection, and meets the second one with `second`. */
const oneEach = async (second: (socket: Socket) => void) => {
  let connections = 0
  const url = await listening(
    createServer((socket) => {
      let requests = 0
      connections += 1
      socket.on('data', () => {
        requests += 1
        if (requests === 1) socket.write(answer)
        else second(socket)
      })
    }),
  )
  return { url, connections: () => connections }
}

const twice = async (url: URL, method: string, options: SendOptions) => {
  const http = systemHttp({ connections: 1 })
  closing.push(http.close)
  await fetchAll(http, { method: 'GET', url })
  return fetchAll(http, { method, url, ...(method === 'PUT' ? { body: 'x' } : {}) }, options)
}

describe('a kept connection that the server closes', () => {
  test.each(['GET', 'PUT'])(
    'before any byte of the answer: %s is sent once more where it may be',
    async (method) => {
      const { url, connections } = await oneEach((socket) => socket.destroy())
      await expect(twice(url, method, { repeatIfClosed: true })).resolves.toMatchObject({ status: 200 })
      expect(connections()).toBe(2)
    },
  )

  test('is an error where the request may not be repeated', async () => {
    const { url, connections } = await oneEach((socket) => socket.destroy())
    await expect(twice(url, 'GET', {})).rejects.toMatchObject({ code: 'http-reset' })
    expect(connections()).toBe(1)
  })

  test('within the answer is an error', async () => {
    const { url, connections } = await oneEach((socket) => socket.end(answer.slice(0, 20)))
    await expect(twice(url, 'GET', { repeatIfClosed: true })).rejects.toMatchObject({ code: 'http-reset' })
    expect(connections()).toBe(1)
  })

  test('is an error where it was a new one', async () => {
    let connections = 0
    const url = await listening(
      createServer((socket) => {
        connections += 1
        socket.destroy()
      }),
    )
    const http = systemHttp({})
    await expect(fetchAll(http, { method: 'GET', url }, { repeatIfClosed: true })).rejects.toMatchObject({
      code: 'http-reset',
      message: expect.stringContaining('broke the connection off'),
    })
    expect(connections).toBe(1)
  })
})

describe('an answer that is unusual', () => {
  const asked = async (server: Server) => {
    const http = systemHttp({})
    closing.push(http.close)
    return fetchAll(http, { method: 'GET', url: await listening(server) })
  }

  test('has headers of more than 16 KiB', async () => {
    const server = createHttpServer({ maxHeaderSize: 1 << 20 }, (_, response) => {
      for (let at = 0; at < 60; at += 1) response.setHeader(`x-${at}`, 'v'.repeat(4000))
      response.end('ok')
    })
    await expect(asked(server)).resolves.toMatchObject({ status: 200 })
  })

  test('switches protocols', async () => {
    const server = createServer((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      )
    })
    await expect(asked(server)).resolves.toMatchObject({ status: 101 })
  })

  test('sets several cookies', async () => {
    const cookies = ['sid=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT', 'lang=en']
    const server = createHttpServer((_, response) => response.setHeader('set-cookie', cookies).end())
    await expect(asked(server)).resolves.toMatchObject({ cookies })
  })

  test('is no HTTP: the error does not say that the server was not reached', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nx bad: 1\r\ncontent-length: 2\r\n\r\n{}'))
    })
    await expect(asked(server)).rejects.toMatchObject({
      code: 'http-protocol',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ sends what is not valid HTTP$/),
    })
  })
})

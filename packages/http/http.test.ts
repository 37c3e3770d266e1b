import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { fetchAll, systemHttp, type HttpRequest, type SendOptions } from './index.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const fetching = (url: URL, options: SendOptions = {}, request: Partial<HttpRequest> = {}, settings = {}) => {
  const http = systemHttp(settings)
  closing.push(http.close)
  return fetchAll(http, { method: 'GET', url, ...request }, options)
}

describe('an answer', () => {
  test('has status, headers and bytes; a body of known length was sent', async () => {
    const url = await serving((incoming, response) => {
      response.setHeader('X-Twice', ['1', '2']).writeHead(201)
      response.end(`${incoming.method} ${incoming.headers['content-length']}`)
    })
    const answer = await fetching(url, {}, { method: 'PUT', body: 'hällo' })
    expect(answer).toMatchObject({ status: 201, headers: { 'x-twice': '1, 2' } })
    expect(Buffer.from(answer.bytes).toString()).toBe('PUT 6')
  })

  test.each<[string, (response: ServerResponse) => void]>([
    ['that says so', (response) => response.writeHead(200, { 'content-length': '100' }).end('x'.repeat(100))],
    [
      'that does not say so',
      (response) => void (response.write('x'.repeat(60)), response.end('x'.repeat(40))),
    ],
  ])('larger than the limit, %s, is given up', async (_, answer) => {
    const url = await serving((_incoming, response) => {
      answer(response)
    })
    await expect(fetching(url, { limitBytes: 99 })).rejects.toMatchObject({ code: 'http-too-large' })
    await expect(fetching(url, { limitBytes: 100 })).resolves.toMatchObject({ status: 200 })
  })
})

describe('what is no answer has a name', () => {
  test.each<[string, RequestListener]>([
    ['http-reset', (incoming) => incoming.socket.destroy()],
    ['http-reset', (_, response) => void response.write('half', () => response.destroy())],
    ['http-protocol', (incoming) => incoming.socket.end('this is no HTTP\r\n\r\n')],
    ['http-timeout', () => undefined],
    ['http-timeout', (_, response) => void response.write('half')],
  ])('%s', async (code, listener) => {
    const url = await serving(listener)
    const deadlineMs = code === 'http-timeout' ? 100 : 10_000
    await expect(fetching(url, { deadlineMs })).rejects.toMatchObject({ code })
  })

  test('http-timeout where no byte moves', async () => {
    const url = await serving((_, response) => void response.write('half'))
    await expect(fetching(url, { idleMs: 50 })).rejects.toMatchObject({
      code: 'http-timeout',
      transient: true,
    })
  })

  test('http-refused and http-dns', async () => {
    await expect(fetching(new URL('http://127.0.0.1:1/'))).rejects.toMatchObject({ code: 'http-refused' })
    await expect(fetching(new URL('http://nowhere.invalid/'))).rejects.toMatchObject({ code: 'http-dns' })
  })

  test('http-tls where the server speaks none', async () => {
    const url = await serving(() => undefined)
    await expect(fetching(new URL(url.href.replace('http:', 'https:')))).rejects.toMatchObject({
      code: 'http-tls',
    })
  })

  test('an interruption has its own reason, before the answer and within its body', async () => {
    const url = await serving((_, response) => void response.write('half'))
    const reason = new Error('interrupted by SIGINT')
    await expect(fetching(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const abort = new AbortController()
    const http = systemHttp({})
    const { body } = await http.send({ method: 'GET', url }, { signal: abort.signal })
    body.once('data', () => {
      abort.abort(reason)
    })
    await expect(once(body, 'end')).rejects.toBe(reason)
  })
})

describe('redirects', () => {
  const seen: IncomingMessage[] = []
  const credentials = { authorization: 'Bearer t', 'x-api-key': 'k', accept: 'text/plain' }
  const moved = async (target: string, status = 307) => {
    seen.length = 0
    return serving((incoming, response) => {
      seen.push(incoming)
      incoming.resume()
      if (incoming.url === '/') response.writeHead(status, { location: target }).end()
      else response.end('there')
    })
  }
  const elsewhere = async () => {
    const other: IncomingMessage[] = []
    const url = await serving((incoming, response) => {
      other.push(incoming)
      response.end('elsewhere')
    })
    return { url, other }
  }

  test('are answers, unless the rule says otherwise', async () => {
    await expect(fetching(await moved('/there'))).resolves.toMatchObject({ status: 307 })
  })

  test('are followed within the origin, with what was sent', async () => {
    const request = { method: 'PUT', headers: credentials, body: 'x' }
    const answer = await fetching(await moved('/there'), { redirects: 'same-origin' }, request)
    expect(answer).toMatchObject({ status: 200, url: { pathname: '/there' } })
    expect(seen.map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ['PUT', 'Bearer t'],
      ['PUT', 'Bearer t'],
    ])
  })

  test('to another origin are answers for `same-origin`, and carry no credentials for the other rule', async () => {
    const { url, other } = await elsewhere()
    const from = await moved(url.href)
    await expect(
      fetching(from, { redirects: 'same-origin' }, { headers: credentials }),
    ).resolves.toMatchObject({
      status: 307,
    })
    await fetching(from, { redirects: 'any-without-credentials' }, { headers: credentials })
    expect(other.map(({ headers }) => [headers.accept, headers.authorization, headers['x-api-key']])).toEqual(
      [['text/plain', undefined, undefined]],
    )
  })

  test('303 asks for the result with GET', async () => {
    await fetching(await moved('/there', 303), { redirects: 'same-origin' }, { method: 'POST', body: 'x' })
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  test.each(['http://example.com/', 'ftp://127.0.0.1/', 'http://[', '/'])('to %s are refused', async (to) => {
    await expect(fetching(await moved(to), { redirects: 'any-without-credentials' })).rejects.toMatchObject({
      code: 'http-redirect',
    })
  })
})

test('a proxy gets what is not of this machine, and nothing else', async () => {
  const asked: (string | undefined)[] = []
  const proxy = await serving((incoming, response) => {
    asked.push(incoming.url)
    response.end('by the proxy')
  })
  const direct = await serving((_, response) => response.end('direct'))
  const settings = { variables: { HTTP_PROXY: proxy.origin } }
  await fetching(new URL('http://service.example/x'), {}, {}, settings)
  await fetching(new URL('http://service.example/fresh'), { fresh: true }, {}, settings)
  const { bytes } = await fetching(direct, {}, {}, settings)
  expect(Buffer.from(bytes).toString()).toBe('direct')
  expect(asked).toEqual(['http://service.example/x', 'http://service.example/fresh'])
})

test('connections are kept, but for fresh ones', async () => {
  const sockets = new Set<unknown>()
  const url = await serving((incoming, response) => {
    sockets.add(incoming.socket)
    response.end()
  })
  const http = systemHttp({})
  closing.push(http.close)
  for (const fresh of [false, false, true, true]) await fetchAll(http, { method: 'GET', url }, { fresh })
  expect(sockets.size).toBe(3)
})

test('each credential is hidden before it is first sent, and once', async () => {
  const hidden: string[][] = []
  const url = await serving((_, response) => {
    // Hidden by then.
    response.end(JSON.stringify(hidden))
  })
  const http = systemHttp({ hide: (secrets) => hidden.push([...secrets]) })
  closing.push(http.close)
  const basic = Buffer.from('me:pass:word').toString('base64')
  for (const headers of [
    { Authorization: `Basic ${basic}` },
    { Authorization: `Basic ${basic}` },
    { authorization: 'Bearer t.o.k' },
    { 'x-api-key': 'key' },
    { accept: 'text/plain' },
  ]) {
    const { bytes } = await fetchAll(http, { method: 'GET', url, headers })
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(hidden)
  }
  expect(hidden).toEqual([[basic, 'me:pass:word', 'pass:word'], ['t.o.k'], ['key']])
})

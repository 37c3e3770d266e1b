import { once } from 'node:events'
import { createServer as plainServer, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { certificates, startProxy } from '@alt-las/testing'
import { systemClock } from '@alt-las/time'
import { connection, type Answer, type Connection } from './connection.ts'
import { parseKubeconfig } from './kubeconfig.ts'

const { ca, server: own, client } = certificates()
const base64 = (text: string) => Buffer.from(text).toString('base64')
const trust = `, certificate-authority-data: ${base64(ca)}, tls-server-name: api.test`
const identity = `client-certificate-data: ${base64(client.cert)}, client-key-data: ${base64(client.key)}`

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

async function listening(server: ReturnType<typeof plainServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const plain = (listener: RequestListener) => listening(plainServer(listener))

/** An API server that says as whom it was asked. */
const secure = () =>
  listening(
    createServer({ ...own, ca, requestCert: true, rejectUnauthorized: false }, (incoming, response) => {
      const { subject } = (incoming.socket as TLSSocket).getPeerCertificate()
      response.end(`${subject?.CN ?? incoming.headers.authorization ?? 'nobody'}\n`)
    }) as unknown as ReturnType<typeof plainServer>,
  )

interface Place {
  readonly server: string
  readonly cluster?: string
  readonly user?: string
  readonly environment?: Readonly<Record<string, string>>
}

function open({ server, cluster = '', user = '', environment = {} }: Place): Connection {
  const text = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "${server}"${cluster}}}]
users: [{name: u, user: {${user}}}]`
  const wire = connection(parseKubeconfig(text, 'config', null), { environment, clock: systemClock })
  closing.push(wire.close)
  return wire
}

async function streamed(wire: Connection, signal = new AbortController().signal, quietMs = 10_000) {
  const lines: (string | Answer)[] = []
  for await (const line of wire.stream('/watch', signal, quietMs)) lines.push(line)
  return lines
}

describe.each<[string, string, (proxy: string) => Omit<Place, 'server'>]>([
  ['directly', '127.0.0.1', () => ({})],
  ['through HTTPS_PROXY', 'k8s.test', (proxy) => ({ environment: { HTTPS_PROXY: proxy } })],
  [
    'through the proxy-url of the kubeconfig',
    'k8s.test',
    (proxy) => ({ cluster: `, proxy-url: "${proxy}"` }),
  ],
])('%s', (way, host, place) => {
  test('a request and a watch show the client certificate, or the token', async () => {
    const port = await secure()
    const proxy = await startProxy({ port })
    closing.push(proxy.close)
    const { cluster = '', environment = {} } = place(proxy.url)
    const at = { server: `https://${host}:${port}`, cluster: trust + cluster, environment }
    const certified = open({ ...at, user: identity })
    await expect(certified.ask({ method: 'GET', path: '/x' })).resolves.toEqual({
      status: 200,
      text: 'deployer\n',
    })
    await expect(streamed(certified)).resolves.toEqual(['deployer'])
    await expect(streamed(open({ ...at, user: 'token: t' }))).resolves.toEqual(['Bearer t'])
    expect(proxy.asked).toEqual(way === 'directly' ? [] : Array(3).fill(`CONNECT ${host}:${port}`))
  })
})

test('NO_PROXY holds for the API server too', async () => {
  const port = await plain((_, response) => response.end('direct'))
  const proxy = await startProxy({ port: 1 })
  closing.push(proxy.close)
  const environment = { HTTP_PROXY: proxy.url, NO_PROXY: '.test' }
  const wire = open({ server: `http://k8s.test:${port}`, environment })
  await expect(wire.ask({ method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'unavailable',
    cause: { code: 'http-dns' },
  })
  expect(proxy.asked).toEqual([])
})

test('a server that is not trusted is not reached, and its certificate is no thing that passes', async () => {
  const wire = open({
    server: `https://127.0.0.1:${await secure()}`,
    cluster: trust.replace('api.test', 'other'),
  })
  await expect(wire.ask({ method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'unavailable',
    cause: { code: 'http-tls', transient: false },
  })
})

test('requests one after the other share a connection, a watch has its own', async () => {
  const sockets: unknown[] = []
  const port = await plain((incoming, response) => {
    sockets.push(incoming.socket)
    response.end('{}\n')
  })
  const wire = open({ server: `http://127.0.0.1:${port}` })
  for (const path of ['/a', '/b']) await wire.ask({ method: 'GET', path })
  await streamed(wire)
  expect(sockets.map((one) => sockets.indexOf(one))).toEqual([0, 0, 2])
})

test('an answer that does not end has the name timeout, and a request whose time is over is not sent', async () => {
  const asked: (string | undefined)[] = []
  const port = await plain((incoming, response) => {
    asked.push(incoming.url)
    response.write('half')
  })
  const wire = open({ server: `http://127.0.0.1:${port}` })
  await expect(wire.ask({ method: 'GET', path: '/slow', timeoutMs: 100 })).rejects.toMatchObject({
    code: 'timeout',
    message: `the Kubernetes API at http://127.0.0.1:${port} gave no answer within 0.1 s`,
  })
  await expect(wire.ask({ method: 'GET', path: '/late', timeoutMs: 0 })).rejects.toMatchObject({
    code: 'timeout',
  })
  expect(asked).toEqual(['/slow'])
})

describe('a watch', () => {
  test('that goes quiet, or never begins, is unavailable', async () => {
    for (const begins of [true, false]) {
      const port = await plain((_, response) => void (begins && response.write('{"a":1}\n')))
      const wire = open({ server: `http://127.0.0.1:${port}` })
      await expect(streamed(wire, undefined, 50)).rejects.toMatchObject({
        code: 'unavailable',
        cause: { code: 'http-timeout' },
      })
    }
  })

  test('ends without an error when it is no longer wanted', async () => {
    const port = await plain((_, response) => void response.write('{"a":1}\n'))
    const wire = open({ server: `http://127.0.0.1:${port}` })
    const stop = new AbortController()
    const lines: unknown[] = []
    for await (const line of wire.stream('/watch', stop.signal, 10_000)) {
      lines.push(line)
      stop.abort()
    }
    expect(lines).toEqual(['{"a":1}'])
    await expect(streamed(wire, AbortSignal.abort())).resolves.toEqual([])
  })

  test('that is refused is one answer; a line without an end is given up', async () => {
    const refused = await plain((_, response) => response.writeHead(410).end('gone'))
    await expect(streamed(open({ server: `http://127.0.0.1:${refused}` }))).resolves.toEqual([
      { status: 410, text: 'gone' },
    ])
    const endless = await plain((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(1 << 20, 'x')));
      }
      response.on('drain', more)
      more()
    })
    await expect(streamed(open({ server: `http://127.0.0.1:${endless}` }))).rejects.toMatchObject({
      cause: { code: 'http-too-large' },
    })
  })
})

test('the answer to a raw request is decoded, and has its cookies', async () => {
  const port = await plain((incoming, response) => {
    const encoding = incoming.url === '/wrong' ? 'br' : 'gzip'
    response
      .writeHead(200, { 'content-encoding': encoding, 'set-cookie': ['a=1', 'b=2'] })
      .end(gzipSync('ok'))
  })
  const wire = open({ server: `http://127.0.0.1:${port}` })
  const raw = { headers: {}, body: null }
  await expect(wire.ask({ method: 'GET', path: '/', raw })).resolves.toMatchObject({
    text: 'ok',
    cookies: ['a=1', 'b=2'],
  })
  await expect(wire.ask({ method: 'GET', path: '/wrong', raw })).resolves.toMatchObject({
    text: '',
    unread: 'is not br, as its header says',
  })
})

import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { certificates, startProxy, type WireProxy } from '@alt-las/testing'
import { fetchAll, systemHttp, type HttpSettings } from './index.ts'

const { ca, server: own, client } = certificates()
const trust = { ca, serverName: 'api.test' }
const identity = { certificate: client.cert, key: client.key }

let server: Server
let proxy: WireProxy
let port: number
beforeAll(async () => {
  server = createServer(
    { ...own, ca, requestCert: true, rejectUnauthorized: false },
    (incoming, response) => {
      response.end(String((incoming.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nameless'))
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  proxy = await startProxy({ port })
})
afterAll(() => {
  proxy.close()
  server.closeAllConnections()
  server.close()
})

async function whoAmI(settings: HttpSettings, host = '127.0.0.1', fresh = false): Promise<string> {
  const http = systemHttp(settings)
  try {
    const { bytes } = await fetchAll(
      http,
      { method: 'GET', url: new URL(`https://${host}:${port}/`) },
      { fresh },
    )
    return Buffer.from(bytes).toString()
  } finally {
    http.close()
  }
}

describe.each([
  ['directly', '127.0.0.1', () => ({})],
  ['through a proxy of the variables', 'k8s.test', () => ({ variables: { HTTPS_PROXY: proxy.url } })],
  ['through a proxy that is named, also to this machine', '127.0.0.1', () => ({ proxy: proxy.url })],
])('%s', (_, host, way) => {
  test.each([false, true])('a client certificate is shown, fresh connection: %p', async (fresh) => {
    const before = proxy.asked.length
    await expect(whoAmI({ ...trust, ...identity, ...way() }, host, fresh)).resolves.toBe('deployer')
    await expect(whoAmI({ ...trust, ...way() }, host, fresh)).resolves.toBe('nameless')
    const tunnels = 'proxy' in way() || 'variables' in way() ? 2 : 0
    expect(proxy.asked.slice(before)).toEqual(Array(tunnels).fill(`CONNECT ${host}:${port}`))
  })

  test('a server that shows another name, or another authority, is not trusted', async () => {
    await expect(whoAmI({ ca, ...way() }, host)).rejects.toMatchObject({ code: 'http-tls', transient: false })
    await expect(whoAmI({ serverName: 'api.test', ...way() }, host)).rejects.toMatchObject({
      code: 'http-tls',
    })
    await expect(whoAmI({ insecure: true, ...way() }, host)).resolves.toBe('nameless')
  })
})

test('NO_PROXY goes past the proxy', async () => {
  const before = proxy.asked.length
  const variables = { HTTPS_PROXY: proxy.url, NO_PROXY: '.test' }
  await expect(whoAmI({ ...trust, variables }, 'k8s.test')).rejects.toMatchObject({ code: 'http-dns' })
  expect(proxy.asked).toHaveLength(before)
})

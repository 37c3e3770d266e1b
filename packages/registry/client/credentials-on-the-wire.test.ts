import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import { fakeClock, startRegistry, type WireRegistry, type WireRegistryOptions } from '@alt-las/testing'
import { digestOf, openRepository, type Credentials } from '../index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(fate: WireRegistryOptions['fate']): Promise<WireRegistry> {
  const registry = await startRegistry(fate === undefined ? {} : { fate })
  closing.push(registry.close)
  return registry
}

const credentials: Credentials = { kind: 'basic', username: 'ci', password: 'pw' }
const basic = `Basic ${Buffer.from('ci:pw').toString('base64')}`

function open(host: string, clock = fakeClock()) {
  const options = { at: { registry: host, repository: 'acme/x' }, access: 'push', attempts: 3 } as const
  return openRepository({ ...options, credentials }, { http: systemHttp({}), clock, random: () => 0 })
}

const challenge = (host: string) => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="http://${host}/auth",service="x"` },
})

describe('credentials', () => {
  test.each([401, 403, 404])(
    'are given to a registry that answers strangers %d, and asks for them at its root alone',
    async (status) => {
      const registry = await start(({ path, authorization }) => {
        if (authorization === basic) return 'serve'
        return path === '/v2/'
          ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
          : { status }
      })
      await expect(open(registry.host).tryWrite()).resolves.toBeUndefined()
    },
  )

  test('are not kept back from a registry whose root was busy once: it is asked again, after the pause', async () => {
    let looks = 0
    const registry = await start(({ path, authorization }) => {
      if (path === '/v2/' && looks++ === 0) return { status: 503, headers: { 'retry-after': '7' } }
      if (authorization === basic) return 'serve'
      return path === '/v2/'
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : { status: 404 }
    })
    const clock = fakeClock()
    await expect(open(registry.host, clock).tryWrite()).resolves.toBeUndefined()
    expect(clock.slept).toEqual([7000])
  })

  test('go to the realm that the registry names, and never to one that an upload elsewhere names', async () => {
    const storage: WireRegistry = await start(({ path }) =>
      path.startsWith('/auth') ? { status: 200, body: '{"token":"t"}' } : challenge(storage.host),
    )
    const registry = await start(({ method }) =>
      method === 'POST' ? { status: 202, headers: { location: `http://${storage.host}/up` } } : 'serve',
    )
    const body = { size: 1, open: () => Readable.from([Buffer.from('x')]) }
    await expect(open(registry.host).putBlob(digestOf('x'), body)).rejects.toMatchObject({
      code: 'registry-unauthorized',
      hint: expect.stringContaining(
        `${registry.host} sent this request to ${storage.host}, which gets no credentials`,
      ),
    })
    expect(storage.requests.map(({ method, authorization }) => [method, authorization])).toEqual([
      ['PUT', null],
    ])
  })

  test('a busy token server is asked again when it says', async () => {
    const tokens = await start((_, number) =>
      number === 1
        ? { status: 429, headers: { 'retry-after': '5' } }
        : { status: 200, body: '{"token":"t"}' },
    )
    const registry = await start(({ authorization }) =>
      authorization === 'Bearer t' ? 'serve' : challenge(tokens.host),
    )
    const clock = fakeClock()
    await open(registry.host, clock).tryWrite()
    expect(clock.slept).toEqual([5000])
  })
})

test('a blob that is cut off is read again from its start', async () => {
  let asked = 0
  const server = createServer((incoming, response) => {
    if (incoming.url === '/v2/') return response.end()
    response.writeHead(200, { 'content-length': 8 })
    return asked++ === 0 ? response.write('half', () => response.destroy()) : response.end('the blob')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const repository = open(`127.0.0.1:${(server.address() as AddressInfo).port}`)
  const chunks = await repository.readBlob(digestOf('the blob'), (content) => content.toArray())
  expect(Buffer.concat(chunks).toString()).toBe('the blob')
  expect(asked).toBe(2)
})

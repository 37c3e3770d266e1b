import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import { parseAddress, reach, type Address, type Proxy } from '../index.ts'

const http = systemHttp({})
afterAll(http.close)
const noProxy: Proxy = { get: () => Promise.reject(new Error('not asked for')) }

describe('parseAddress', () => {
  test.each<[string, Address]>([
    ['https://prom.example/base/', { kind: 'http', base: 'https://prom.example/base' }],
    [
      'service://monitoring/prometheus:9090',
      { kind: 'service', service: { namespace: 'monitoring', name: 'prometheus', port: '9090' }, prefix: '' },
    ],
    [
      'service://ns/p:web/prom/',
      { kind: 'service', service: { namespace: 'ns', name: 'p', port: 'web' }, prefix: '/prom' },
    ],
    ['scrape+http://gw:9100', { kind: 'http', base: 'http://gw:9100/metrics', direct: true }],
    [
      'scrape+https://gw/stats/prometheus',
      { kind: 'http', base: 'https://gw/stats/prometheus', direct: true },
    ],
    [
      'scrape+service://traefik-system/traefik:metrics',
      {
        kind: 'service',
        service: { namespace: 'traefik-system', name: 'traefik', port: 'metrics' },
        prefix: '/metrics',
        direct: true,
      },
    ],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })

  test.each([
    '',
    'prom:9090',
    'ftp://x',
    'service://ns/p',
    'https://u:p@x',
    'https://x?token=1',
    'scrape+prom',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull()
  })
})

describe('reach', () => {
  test('a Service is asked through the proxy, under its path', async () => {
    const proxy: Proxy = { get: (service, path) => Promise.resolve(`${service.name}:${service.port}${path}`) }
    const address = parseAddress('service://ns/p:web/prom')
    if (address === null) throw new Error('no address')
    expect(await reach(address, {}, { http, proxy })('/api')).toBe('p:web/prom/api')
  })

  test('headers are sent; 401 is refused, 503 may pass, a redirect is not followed', async () => {
    const seen: (string | undefined)[] = []
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization)
      const status = Number(request.url?.slice(1))
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('body')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const get = reach(
      { kind: 'http', base: `http://127.0.0.1:${port}` },
      { headers: { authorization: 'Bearer x' } },
      { http, proxy: noProxy },
    )
    try {
      expect(await get('/200')).toBe('body')
      await expect(get('/401')).rejects.toMatchObject({ code: 'metrics-refused' })
      await expect(get('/503')).rejects.toMatchObject({ code: 'metrics-unreachable' })
      await expect(get('/302')).rejects.toMatchObject({ code: 'metrics-unreachable' })
      expect(seen).toEqual(['Bearer x', 'Bearer x', 'Bearer x', 'Bearer x'])
    } finally {
      await new Promise((done) => server.close(done))
    }
  })
})

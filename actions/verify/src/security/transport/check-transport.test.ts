import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { fakeHttp, goodHandshake, goodTls, reply } from '../../testing/wire.ts'
import { systemTls } from './tls.ts'
import { judgeCertificate, judgePlainHttp, judgeVersion } from './check-transport.ts'

const url = new URL('https://shop.example')
const now = Date.UTC(2026, 4, 1)

describe('the certificate', () => {
  test('passes where it is trusted, for this name, and lives long enough', () => {
    const finding = judgeCertificate(goodHandshake, { now, minDays: 14 })
    expect(finding).toEqual({
      ok: true,
      because: 'the certificate is trusted, for this name, and valid for 31 days',
    })
  })

  test.each([
    [{ chainProblem: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'its chain is not trusted (SELF_SIGNED_CERT_IN_CHAIN)'],
    [{ nameProblem: 'wrong host' }, 'it is for another name: wrong host'],
    [{ validTo: now + 13.9 * 86_400_000 }, 'it expires in 13 days'],
    [{ validTo: now - 1 }, 'it expired on 2026-04-30'],
  ])('%j is refused', (overrides, problem) => {
    const finding = judgeCertificate({ ...goodHandshake, ...overrides }, { now, minDays: 14 })
    expect(finding.ok).toBe(false)
    expect(finding.because).toContain(problem)
  })
})

test('a server that accepts an old client is refused', async () => {
  const tls = {
    ...goodTls,
    accepts: (_: unknown, protocol: string) => Promise.resolve(protocol === 'TLSv1'),
  }
  const finding = await judgeVersion(
    { host: 'shop.example', port: 443 },
    { shown: goodHandshake, minVersion: 'TLSv1.2' },
    { tls },
  )
  expect(finding).toMatchObject({ ok: false, because: 'the server accepts a client that speaks only TLSv1' })
})

describe('plain HTTP', () => {
  const judged = (status: number, location?: string) =>
    judgePlainHttp(
      url,
      { timeoutMs: 1, signal: new AbortController().signal },
      {
        tls: { ...goodTls, connects: () => Promise.resolve('open') },
        http: fakeHttp(() => reply({ status, headers: location === undefined ? {} : { location } })),
      },
    )

  test('must lead to https of the same host', async () => {
    await expect(judged(301, 'https://shop.example/')).resolves.toMatchObject({ ok: true })
    await expect(judged(308, 'https://shop.example/x')).resolves.toMatchObject({ ok: true })
  })

  test.each([
    [200, undefined, 'answered 200 instead of a redirect to https'],
    [301, undefined, 'with location ""'],
    [301, 'http://shop.example/', 'with location "http://shop.example/"'],
    [301, 'https://evil.example/', 'with location "https://evil.example/"'],
  ])('%d %s is refused', async (status, location, problem) => {
    const finding = await judged(status, location)
    expect(finding.ok).toBe(false)
    expect(finding.because).toContain(problem)
  })

  test.each([
    ['closed', 'port 80 of shop.example is closed'],
    ['silent', 'port 80 of shop.example takes no connection'],
  ] as const)('may be %s', async (state, because) => {
    const finding = await judgePlainHttp(
      url,
      { timeoutMs: 1, signal: new AbortController().signal },
      {
        tls: { ...goodTls, connects: () => Promise.resolve(state) },
        http: fakeHttp(() => reply()),
      },
    )
    expect(finding).toEqual({ ok: true, because })
  })
})

describe('a port', () => {
  test('that is open or closed is told apart', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expect(systemTls.connects({ host: '127.0.0.1', port })).resolves.toBe('open')
    server.close()
    await once(server, 'close')
    await expect(systemTls.connects({ host: '127.0.0.1', port })).resolves.toBe('closed')
  })

  test('of a name without an address is unknown', async () => {
    await expect(systemTls.connects({ host: 'nowhere.invalid', port: 80 })).rejects.toThrow(
      'no connection to',
    )
  })
})

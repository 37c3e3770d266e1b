import { createServer as createPlain, type AddressInfo, type Server } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { certificates } from '@alt-las/testing'
import { brokenSuites, withoutForwardSecrecy } from './cipher-suites.ts'
import { readServerAnswer } from './client-hello.ts'
import { judgeCiphers } from './judge-ciphers.ts'
import { systemTls } from './tls.ts'

const { server: issued } = certificates()
const open: Server[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

async function listening(server: Server) {
  open.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

/** A real server of node:tls. */
const serving = (options: TlsOptions) => {
  const server = createServer({ ...issued, maxVersion: 'TLSv1.2', ...options })
  server.on('tlsClientError', () => undefined)
  return listening(server)
}
const judged = async (options: TlsOptions, forwardSecrecy = false) =>
  judgeCiphers(await serving(options), { forwardSecrecy }, { tls: systemTls })

describe('the cipher suites of a real server', () => {
  test('are fine where it has those of today', async () => {
    const found = await judged({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })
    expect(found).toMatchObject({ ok: true })
    expect(found.because).toContain('and without forward secrecy')
  })

  test('are refused where it takes one without encryption', async () => {
    const found = await judged({ ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0' })
    expect(found.because).toBe('the server accepts cipher suites with no encryption (0xC006)')
    expect(found.remedy).toContain('ECDHE')
  })

  test('are refused where it takes one without authentication', async () => {
    const found = await judged({ ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0' })
    expect(found.because).toBe('the server accepts cipher suites with no authentication (0xC018)')
  })

  test('are no question for a server of TLS 1.3 alone', async () => {
    await expect(judged({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })).resolves.toMatchObject({
      ok: true,
    })
  })
})

test('a suite without forward secrecy is named, and refused where the policy asks for it', async () => {
  const tls = {
    chooses: (_: unknown, suites: readonly number[]) =>
      Promise.resolve(suites === withoutForwardSecrecy ? 0x002f : null),
  }
  const endpoint = { host: 'shop.example', port: 443 }
  const named = await judgeCiphers(endpoint, { forwardSecrecy: false }, { tls })
  expect(named).toMatchObject({ ok: true, because: expect.stringContaining('it accepts 0x002F') })
  const refused = await judgeCiphers(endpoint, { forwardSecrecy: true }, { tls })
  expect(refused.because).toBe('the server accepts cipher suites with RSA key exchange (0x002F)')
})

test('a server that does not answer in TLS is unknown, and no server that refuses', async () => {
  const endpoint = await listening(createPlain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  await expect(systemTls.chooses(endpoint, brokenSuites.RC4)).rejects.toMatchObject({ code: 'unreachable' })
})

test('a server of TLS 1.0 alone is still looked at, and refused for its version', async () => {
  const endpoint = await serving({
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  })
  await expect(systemTls.handshake(endpoint)).resolves.toMatchObject({ protocol: 'TLSv1' })
  await expect(systemTls.accepts(endpoint, 'TLSv1')).resolves.toBe(true)
})

test.each([
  ['', null],
  ['160303', null],
  ['15030300020228', { kind: 'refused' }],
])('the first bytes %s of an answer are read as %j', (hex, expected) => {
  expect(readServerAnswer(Buffer.from(hex, 'hex'))).toEqual(expected)
})

import { describe as group, expect, test } from '@jest/globals'
import { describe } from '@alt-las/failure'
import { httpFailure } from '@alt-las/http'
import { endpointOf, targetOf } from './endpoint.ts'
import { refusal, unreachable } from './refusal.ts'
import { chooseCredentials } from '../index.ts'

const url = new URL('https://ghcr.io/v2/alt-las/x/blobs/uploads/?sig=secret')
const denied = (message: string, overrides: object = {}) =>
  describe(
    refusal({
      method: 'POST',
      url,
      status: 403,
      text: JSON.stringify({ errors: [{ code: 'DENIED', message }] }),
      known: true,
      retryAfterMs: null,
      ...overrides,
    }),
  )

group('refusal', () => {
  test('a token without the permission: the permission is named, and how a package is linked', () => {
    const text = denied('permission_denied: write_package')
    expect(text).toContain('answered 403 (DENIED: permission_denied: write_package)')
    expect(text).toContain('permissions: packages: write')
    expect(text).toContain('Manage Actions access')
  })

  test('an organisation that forbids new packages', () => {
    expect(denied('installation not allowed to Create organization package')).toContain(
      'create it once by hand',
    )
  })

  test('another registry gets no advice about GitHub', () => {
    expect(denied('no', { url: new URL('https://r.io/v2/') })).not.toContain('packages: write')
  })

  test('no query, no page for a browser and no endless text is shown', () => {
    expect(denied('x')).not.toContain('secret')
    expect(denied('', { status: 502, text: '<html>\n<h1>Bad</h1>' })).toMatch(/answered 502$/)
    expect(denied('', { status: 500, text: 'y'.repeat(5000) }).length).toBeLessThan(400)
  })

  test.each([
    [401, 'registry-unauthorized'],
    [403, 'registry-denied'],
    [404, 'registry-absent'],
    [409, 'registry-refused'],
    [429, 'registry-busy'],
    [503, 'registry-busy'],
    [302, 'registry-broken'],
    [501, 'registry-refused'],
    [522, 'registry-busy'],
  ])('%d is %s', (status, code) => {
    expect(refusal({ method: 'GET', url, status, text: '', known: true, retryAfterMs: null }).code).toBe(code)
  })
})

group('unreachable', () => {
  test.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['ENOTFOUND', 'HTTPS_PROXY'],
    ['ECONNRESET', 'ghcr.io broke the connection off: boom'],
  ])('%s says %s', (code, expected) => {
    const failure = httpFailure(url, Object.assign(new Error('boom'), { code }))
    expect(describe(unreachable(url, failure))).toContain(expected)
  })
})

group('endpoints', () => {
  test.each([
    ['ghcr.io', 'https://ghcr.io/'],
    ['docker.io', 'https://registry-1.docker.io/'],
    ['localhost:5000', 'http://localhost:5000/'],
    ['127.1.2.3:5000', 'http://127.1.2.3:5000/'],
    ['127.1.2.3', 'https://127.1.2.3/'],
    ['[::1]:5000', 'http://[::1]:5000/'],
    ['localhost.evil.io:5000', 'https://localhost.evil.io:5000/'],
    ['127.evil.io:80', 'https://127.evil.io:80/'],
  ])('%s is at %s', (registry, expected) => {
    expect(endpointOf(registry).href).toBe(expected)
  })

  test('a registry elsewhere cannot send us to this machine in the clear', () => {
    expect(() => targetOf('http://127.0.0.1:9000/', new URL('https://ghcr.io'))).toThrow('expected https')
    expect(targetOf('/v2/x', new URL('https://ghcr.io')).href).toBe('https://ghcr.io/v2/x')
  })
})

group('chooseCredentials', () => {
  const given = { login: null, githubToken: 'ghs_x', actor: 'me' }
  const docker = { kind: 'basic', username: 'd', password: 'd' } as const
  const choose = (registry: string, overrides: object, known: typeof docker | null) =>
    chooseCredentials(registry, { ...given, ...overrides }, () => Promise.resolve(known))

  test('the given user, then docker, then at ghcr.io the token, then none', async () => {
    const user = { login: { username: 'u', password: 'p' } }
    await expect(choose('ghcr.io', user, docker)).resolves.toMatchObject({ credentials: { username: 'u' } })
    await expect(choose('ghcr.io', {}, docker)).resolves.toMatchObject({ credentials: docker })
    await expect(choose('ghcr.io', {}, null)).resolves.toMatchObject({
      credentials: { username: 'me', password: 'ghs_x' },
    })
    await expect(choose('docker.io', {}, null)).resolves.toMatchObject({ credentials: null })
    await expect(choose('ghcr.io.evil.io', {}, null)).resolves.toMatchObject({ credentials: null })
  })
})

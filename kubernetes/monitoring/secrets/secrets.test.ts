import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { makeCertificates } from './certificates.ts'
import { parseOrder, parseUrl, secretsOf, serverNames } from './secrets.ts'

const files = ['--team-url', 'team', '--on-call-url', 'on-call']

describe('the command line', () => {
  test('names the environment and the files with the addresses', () => {
    expect(parseOrder(['beta', ...files, '--days', '30', '--renew'])).toEqual({
      environment: 'beta',
      teamUrl: 'team',
      onCallUrl: 'on-call',
      days: 30,
      renew: true,
    })
  })

  test('lists every problem at once', () => {
    expect(() => parseOrder(['prod', '--days', '1000', '--password', 'x'])).toThrow(
      /got --password[^]*environment: got prod[^]*--days: got 1000[^]*--team-url: is required[^]*--on-call-url/,
    )
  })

  test('an address that cannot be used is refused, and not shown', () => {
    expect(parseUrl(' https://chat.example/hook/secret\n', '--team-url')).toBe(
      'https://chat.example/hook/secret',
    )
    expect(() => parseUrl('secret', '--team-url')).toThrow(/--team-url: expected a file with one address/)
    expect(() => parseUrl('file:///secret', '--team-url')).not.toThrow(/secret/)
  })
})

describe('the Secrets', () => {
  test('are in both namespaces, and no two environments have the same password', () => {
    const pair = { crt: 'crt', key: 'key' }
    const make = () =>
      secretsOf(
        'production',
        { ca: 'ca', server: pair, client: pair },
        { team: 'https://a', onCall: 'https://b' },
      )
    expect(make().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'atlas-production/monitoring-tls',
      'atlas-production-observers/monitoring-tls',
      'atlas-production/monitoring-client',
      'atlas-production-observers/monitoring-client',
      'atlas-production/grafana-admin',
      'atlas-production/alertmanager-receivers',
    ])
    const password = () =>
      make().find(({ metadata }) => metadata.name === 'grafana-admin')?.stringData['password']
    expect(password()).toMatch(/^[\w-]{32}$/)
    expect(password()).not.toBe(password())
  })

  test('hold certificates of one authority: the server for its names, the client for nothing but to ask', async () => {
    const names = serverNames('beta')
    const { ca, server, client } = await makeCertificates({
      name: 'atlas-beta',
      serverNames: names,
      days: 30,
    })
    const [authority, one, other] = [ca, server.crt, client.crt].map((text) => new X509Certificate(text))
    if (authority === undefined || one === undefined || other === undefined)
      throw new Error('no certificates')
    expect(one.verify(authority.publicKey)).toBe(true)
    expect(other.verify(authority.publicKey)).toBe(true)
    for (const name of names) expect(one.checkHost(name)).toBe(name)
    expect(one.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(other.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(authority.ca && !one.ca && !other.ca).toBe(true)
    expect(execFileSync('openssl', ['version'], { encoding: 'utf8' })).toMatch(/^OpenSSL 3/)
  })
})

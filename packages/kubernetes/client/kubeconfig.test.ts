import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { fakeClock } from '@alt-las/testing'
import { findTarget } from './find-target.ts'
import { identityOf } from './identity.ts'
import { parseKubeconfig } from './kubeconfig.ts'

const root = mkdtempSync(join(tmpdir(), 'kubeconfig '))
afterAll(() => {
  rmSync(root, { recursive: true })
})
const write = (name: string, text: string) => {
  writeFileSync(join(root, name), text)
  return join(root, name)
}
const pem = '-----BEGIN CERTIFICATE-----\nx\n'
const config = (user: string, cluster = '') => `
current-context: a
contexts:
  - {name: a, context: {cluster: k, user: u, namespace: shop}}
  - {name: b, context: {cluster: k}}
clusters: [{name: k, cluster: {server: "https://k8s.example:6443/prefix" ${cluster}}}]
users: [{name: u, user: {${user}}}]
`

describe('parseKubeconfig', () => {
  test('resolves a context: the address, whom to trust, who we are; files lie beside it', () => {
    const data = Buffer.from(pem).toString('base64')
    const text = config(
      `client-certificate: me.crt, client-key-data: ${data}`,
      `, certificate-authority-data: ${data}`,
    )
    expect(parseKubeconfig(text, '/etc/k/config', null)).toEqual({
      context: 'a',
      server: new URL('https://k8s.example:6443/prefix'),
      insecure: false,
      namespace: 'shop',
      ca: { text: pem },
      credentials: { certificate: { file: '/etc/k/me.crt' }, key: { text: pem } },
    })
    expect(parseKubeconfig(text, '/etc/k/config', 'b')).toMatchObject({ context: 'b', credentials: {} })
  })

  test.each([
    ['[', null, 'it is not YAML'],
    ['3', null, 'it is not a kubeconfig'],
    ['{}', null, 'it has no current-context'],
    [config(''), 'c', 'it has no context c'],
    [
      'current-context: a\ncontexts: [{name: a, context: {cluster: x}}]',
      null,
      'names a cluster that does not exist',
    ],
    [config('').replace('name: u,', 'name: v,'), null, 'names a user that does not exist'],
    [config('').replace('https://', ''), null, 'has no server address'],
    [
      config('', ', proxy-url: "socks5://proxy:1080"'),
      null,
      'the proxy-url of context a does not begin with http',
    ],
    [config('auth-provider: {name: gcp}'), null, 'auth-provider, which Kubernetes removed'],
    [
      config('exec: {command: aws, args: [{toString: 1}]}'),
      null,
      'an argument or a variable that is no text',
    ],
    [config('exec: {command: aws, env: [{name: A}]}'), null, 'an argument or a variable that is no text'],
    [config('client-key-data: c2VjcmV0'), null, 'client-key-data is not a PEM file'],
  ])('%j with context %j is refused: %s', (text, context, why) => {
    const act = () => parseKubeconfig(text, 'config', context)
    expect(act).toThrow(`the kubeconfig config cannot be used: `)
    expect(act).toThrow(why)
  })

  test('no message quotes what may be a secret', () => {
    const act = () => parseKubeconfig('users: [{name: u, user: {token: sesame', 'config', null)
    expect(act).toThrow(expect.not.stringContaining('sesame') as unknown as string)
  })
})

describe('findTarget', () => {
  const path = write('config', config('token: x'))

  test('takes content, a path, or what the environment names', () => {
    const find = (kubeconfig: string | null, environment = {}) =>
      findTarget({ kubeconfig, context: null, environment }).context
    expect(find(config('token: x'))).toBe('a')
    expect(find(path)).toBe('a')
    expect(find(null, { KUBECONFIG: `${path}:${root}/other` })).toBe('a')
    expect(() => find(null, {})).toThrow('there is no kubeconfig')
    expect(() => find(join(root, 'nowhere'))).toThrow('the file cannot be read (ENOENT)')
  })
})

test('every credential of a kubeconfig is told to who hides it, whether it can be used or not', () => {
  const hidden: string[] = []
  const hide = (secrets: readonly string[]) => hidden.push(...secrets)
  const find = (text: string) => findTarget({ kubeconfig: text, context: null, environment: {}, hide })
  find(config('token: first-one'))
  find(write('hidden', config('token: second-one')))
  expect(() => find(config('token: third-one, auth-provider: {name: x}'))).toThrow('auth-provider')
  expect(hidden).toEqual(['first-one', 'second-one', 'third-one'])
})

describe('identityOf', () => {
  const clock = fakeClock()
  const hidden: string[] = []
  const hide = (secrets: readonly string[]) => hidden.push(...secrets)
  const identify = (user: string) =>
    identityOf(parseKubeconfig(config(user), join(root, 'c'), null), {
      environment: process.env,
      clock,
      hide,
    })

  test('a token in a file is read at each use, since it is renewed', async () => {
    write('token', 'one\n')
    const who = identify('tokenFile: token')
    expect(await who()).toEqual({ authorization: 'Bearer one' })
    write('token', 'two\n')
    expect(await who()).toEqual({ authorization: 'Bearer two' })
    expect(hidden).toEqual(['one\n', 'two\n'])
  })

  test('a plugin is asked again shortly before its answer expires, or when the answer was not accepted', async () => {
    const plugin = write(
      'plugin',
      `#!/bin/sh\necho x >> "${root}/calls"\necho '{"status":{"token":"'$(wc -l < "${root}/calls")'","expirationTimestamp":"2026-01-01T01:00:00Z"}}'\n`,
    )
    chmodSync(plugin, 0o755)
    const who = identify(`exec: {apiVersion: client.authentication.k8s.io/v1, command: "${plugin}"}`)
    expect(await who()).toEqual({ authorization: 'Bearer 1' })
    expect(await who()).toEqual({ authorization: 'Bearer 1' })
    clock.advance(3_590_000)
    expect(await who()).toEqual({ authorization: 'Bearer 2' })
    expect(await who({ fresh: true })).toEqual({ authorization: 'Bearer 3' })
    expect(hidden).toEqual(expect.arrayContaining(['1', '2', '3']))
  })

  test('a plugin sees its own variables and the job, not inputs and tokens of the runner', async () => {
    const plugin = write('printing', `#!/bin/sh\nenv > "${root}/env"\necho '{"status":{"token":"t"}}'\n`)
    chmodSync(plugin, 0o755)
    const environment = {
      PATH: process.env['PATH'],
      VAULT_TOKEN: 'v',
      INPUT_PASSWORD: 'i',
      ACTIONS_RUNTIME_TOKEN: 'a',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'o',
      GITHUB_OUTPUT: '/o',
    }
    const user = `exec: {command: "${plugin}", env: [{name: OWN, value: x}]}`
    const target = parseKubeconfig(config(user), join(root, 'c'), null)
    await identityOf(target, { environment, clock })()
    const seen = readFileSync(join(root, 'env'), 'utf8')
    expect(seen).toMatch(/^OWN=x$/m)
    expect(seen).toMatch(/^VAULT_TOKEN=v$/m)
    expect(seen).not.toMatch(/^(?:INPUT_|ACTIONS_|GITHUB_OUTPUT)/m)
  })

  test('a plugin that fails is named, without what it printed', async () => {
    const who = identify('exec: {command: "/no/such/plugin"}')
    await expect(who()).rejects.toThrow("the kubeconfig's plugin /no/such/plugin gave no credential (ENOENT)")
  })
})

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fakeProcess, type Script } from '@alt-las/testing'
import { findCredentials } from '../index.ts'
import { parseChallenges } from '../client/challenge.ts'

const auth = Buffer.from('bot:pass:word').toString('base64')

async function find(registry: string, config: unknown, script: Script = () => ({ code: 1 })) {
  const folder = await mkdtemp(join(tmpdir(), 'docker-'))
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  const helper = fakeProcess(script)
  const hidden: string[] = []
  const hide = (secrets: readonly string[]) => hidden.push(...secrets)
  return { found: findCredentials(registry, folder, { ...helper, hide }), helper, hidden }
}

describe('findCredentials', () => {
  test.each(['ghcr.io', 'https://ghcr.io', 'https://ghcr.io/v2/'])(
    'an entry for %s is one for ghcr.io',
    async (key) => {
      const { found } = await find('ghcr.io', { auths: { [key]: { auth } } })
      await expect(found).resolves.toEqual({ kind: 'basic', username: 'bot', password: 'pass:word' })
    },
  )

  test("Docker Hub is known by its old entry's name", async () => {
    const { found } = await find('docker.io', { auths: { 'https://index.docker.io/v1/': { auth } } })
    await expect(found).resolves.toMatchObject({ username: 'bot' })
  })

  test('an identity token comes before a password', async () => {
    const { found } = await find('r.io', { auths: { 'r.io': { auth, identitytoken: 'id' } } })
    await expect(found).resolves.toEqual({ kind: 'identity', token: 'id' })
  })

  test("a registry's own helper is asked on stdin, before store and file", async () => {
    const answer = JSON.stringify({ Username: 'u', Secret: 's' })
    const config = { credHelpers: { 'r.io': 'own' }, credsStore: 'store', auths: { 'r.io': { auth } } }
    const { found, helper } = await find('r.io', config, () => ({ stdout: answer }))
    await expect(found).resolves.toEqual({ kind: 'basic', username: 'u', password: 's' })
    expect(helper.runs).toMatchObject([
      { command: 'docker-credential-own', args: ['get'], options: { stdin: 'r.io' } },
    ])
  })

  test('a store that knows nothing leaves the turn to the file', async () => {
    const unknown = () => ({ code: 1, stdout: 'credentials not found in native keychain\n' })
    const { found } = await find('r.io', { credsStore: 'store', auths: { 'r.io': { auth } } }, unknown)
    await expect(found).resolves.toMatchObject({ username: 'bot' })
  })

  test.each<[string, unknown]>([
    ['lists', { auths: [1], credHelpers: ['r.io'], credsStore: ['x'] }],
    ['null', { auths: { 'r.io': null }, credHelpers: null, credsStore: null }],
    ['numbers', { auths: { 'r.io': { auth: 5, username: 1, password: 2 } }, credsStore: 7 }],
    ['names of every object', { credHelpers: { toString: 1 }, auths: { __proto__: 5 } }],
  ])('what docker would not read is not there: %s', async (_, config) => {
    await expect((await find('r.io', config)).found).resolves.toBeNull()
  })

  test.each(['null', '[]', '5', '"auths"'])('a configuration of %s is refused by name', async (config) => {
    await expect((await find('r.io', config)).found).rejects.toMatchObject({ code: 'bad-docker-config' })
  })

  test.each(['null', '[]', 'x'])('a helper that answers %s is refused by name', async (stdout) => {
    const { found } = await find('r.io', { credsStore: 'own' }, () => ({ stdout }))
    await expect(found).rejects.toMatchObject({ code: 'credential-helper' })
  })

  test("a helper's name cannot be a path", async () => {
    const { found, helper } = await find('r.io', { credsStore: '../../bin/sh' })
    await expect(found).rejects.toMatchObject({ code: 'credential-helper' })
    expect(helper.runs).toEqual([])
  })

  test('a helper that fails is a failure, and its secret output is not shown', async () => {
    const { found } = await find('r.io', { credsStore: 'store' }, () => ({
      code: 0,
      stdout: '{"Secret":"hush"',
    }))
    const error = await found.catch((thrown: unknown) => String(thrown))
    expect(error).toContain('docker-credential-store gives no credentials: its answer is not JSON')
    expect(error).not.toContain('hush')
  })

  test('a configuration that is not JSON is named, and not quoted', async () => {
    const { found } = await find('r.io', '{"auths":{"r.io":{"auth":"c2VjcmV0"}}')
    await expect(found).rejects.toMatchObject({
      code: 'bad-docker-config',
      cause: new Error('it is not JSON'),
    })
  })

  test('a password and a token are hidden as soon as they are read', async () => {
    const file = await find('r.io', { auths: { 'r.io': { auth } } })
    await file.found
    expect(file.hidden).toEqual(['pass:word', 'bot:pass:word'])
    const stored = await find('r.io', { credsStore: 'x' }, () => ({
      stdout: '{"Username":"<token>","Secret":"sesame"}',
    }))
    await stored.found
    expect(stored.hidden).toEqual(['sesame'])
  })

  test('no configuration and no entry are null', async () => {
    await expect(
      findCredentials('r.io', '/nonexistent', { ...fakeProcess(() => ({})), hide: () => undefined }),
    ).resolves.toBeNull()
    const { found } = await find('r.io', { auths: { 'other.io': { auth } } })
    await expect(found).resolves.toBeNull()
  })
})

describe('parseChallenges', () => {
  test.each([
    [
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"',
      [
        {
          kind: 'bearer',
          realm: 'https://ghcr.io/token',
          service: 'ghcr.io',
          scope: 'repository:user/image:pull',
        },
      ],
    ],
    [
      'Basic realm="x", Bearer realm="https://t",scope="repository:a:pull,push"',
      [
        { kind: 'bearer', realm: 'https://t', service: null, scope: 'repository:a:pull,push' },
        { kind: 'basic' },
      ],
    ],
    [
      'bearer realm=https://t , error="insufficient_scope"',
      [{ kind: 'bearer', realm: 'https://t', service: null, scope: null }],
    ],
    ['Bearer service="x"', []],
    ['Negotiate', []],
    ['', []],
  ])('%s', (header, expected) => {
    expect(parseChallenges(header)).toEqual(expected)
  })
})

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import {
  closedAfter,
  fakeClock,
  startRegistry,
  writeLayout,
  type FakeClock,
  type WireRegistry,
  type WireRegistryOptions,
} from '@alt-las/testing'
import {
  digestOf,
  mediaTypes,
  openRepository,
  pullLayout,
  readLayout,
  type Credentials,
  type Repository,
} from '../index.ts'

const start = closedAfter(afterEach, startRegistry)

interface Setting {
  readonly repository: Repository
  readonly registry: WireRegistry
  readonly clock: FakeClock
}

const login = { username: 'bot', password: 's3cret' }
const credentials: Credentials = { kind: 'basic', ...login }

async function setting(
  wire: WireRegistryOptions = {},
  options: { credentials?: Credentials | null; attempts?: number } = {},
): Promise<Setting> {
  const registry = await start(wire)
  const clock = fakeClock()
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const repository = openRepository(
    { at, access: 'push', credentials: null, attempts: 3, ...options },
    { http: systemHttp({}), clock, random: () => 0 },
  )
  return { repository, registry, clock }
}

const body = (text: string) => ({
  size: Buffer.byteLength(text),
  open: () => Readable.from([Buffer.from(text)]),
})
const put = (repository: Repository, text: string) => repository.putBlob(digestOf(text), body(text))

describe('blobs', () => {
  test('a pushed blob is there, with the bytes that were sent', async () => {
    const { repository, registry } = await setting()
    await expect(repository.hasBlob(digestOf('abc'))).resolves.toBe(false)
    await put(repository, 'abc')
    await expect(repository.hasBlob(digestOf('abc'))).resolves.toBe(true)
    expect(registry.receivedBytes()).toBe(3)
  })

  test('an empty blob can be pushed', async () => {
    const { repository } = await setting()
    await put(repository, '')
    await expect(repository.hasBlob(digestOf(''))).resolves.toBe(true)
  })

  test('a blob of a sibling is mounted without a byte travelling; one that it lacks is not', async () => {
    const { repository, registry } = await setting()
    const at = { registry: registry.host, repository: 'alt-las/base' }
    const ports = { http: systemHttp({}), clock: fakeClock() }
    await put(openRepository({ at, access: 'push', credentials: null, attempts: 1 }, ports), 'base')
    await expect(repository.mount(digestOf('base'), 'alt-las/base')).resolves.toBe(true)
    await expect(repository.mount(digestOf('other'), 'alt-las/base')).resolves.toBe(false)
    await expect(repository.hasBlob(digestOf('base'))).resolves.toBe(true)
    expect(registry.receivedBytes()).toBe(4)
  })

  test('to be denied the sibling means only that nothing is mounted', async () => {
    const fate = ({ path }: { path: string }) =>
      path.startsWith('/v2/alt-las/base') ? { status: 403 } : 'serve'
    const { repository } = await setting({ fate })
    await expect(repository.mount(digestOf('base'), 'alt-las/base')).resolves.toBe(false)
  })

  test('an upload whose answer got lost is not sent twice', async () => {
    let lost = false
    const fate: WireRegistryOptions['fate'] = ({ method }) => {
      if (method !== 'PUT' || lost) return 'serve'
      lost = true
      return 'serve-then-reset'
    }
    const { repository, registry } = await setting({ fate })
    await put(repository, 'abcdef')
    expect(registry.receivedBytes()).toBe(6)
  })

  test('an answer before the end of a large body counts, and the body is given up', async () => {
    const fate = ({ method }: { method: string }) => (method === 'PUT' ? { status: 413 } : 'serve')
    const { repository } = await setting({ fate })
    const big = 'x'.repeat(4 * 1024 * 1024)
    await expect(put(repository, big)).rejects.toThrow(/answered 413.*|cannot reach/)
  })
})

describe('what is transient is tried again', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('%d, twice', async (status) => {
    const { repository, registry } = await setting({
      fate: (_, number) => (number < 3 ? { status } : 'serve'),
    })
    await expect(repository.tags()).resolves.toEqual([])
    expect(registry.requests).toHaveLength(3)
  })

  test('a reset connection', async () => {
    const { repository } = await setting({ fate: (_, number) => (number === 1 ? 'reset' : 'serve') })
    await expect(repository.tags()).resolves.toEqual([])
  })

  test('Retry-After is waited for', async () => {
    const busy = { status: 429, headers: { 'retry-after': '7' } }
    const { repository, clock } = await setting({ fate: (_, number) => (number === 1 ? busy : 'serve') })
    await repository.tags()
    expect(clock.slept).toEqual([7000])
  })

  test('the message says the number of tries and the last answer', async () => {
    const { repository } = await setting({ fate: () => ({ status: 502, body: '<html>Bad Gateway</html>' }) })
    await expect(repository.tags()).rejects.toThrow(
      /list the tags of .* failed after 3 tries: GET .* answered 502$/,
    )
  })

  test.each([400, 401, 403, 405, 409])('%d is final at the first try', async (status) => {
    const { repository, registry } = await setting({ fate: () => ({ status }) })
    await expect(repository.tags()).rejects.toThrow(`answered ${status}`)
    expect(registry.requests).toHaveLength(1)
  })

  test('an interruption ends the tries', async () => {
    const abort = new AbortController()
    const registry = await start({
      fate: () => {
        abort.abort(new Error('interrupted by SIGINT'))
        return { status: 503 }
      },
    })
    const at = { registry: registry.host, repository: 'x' }
    const options = { at, access: 'pull', credentials: null, attempts: 5, signal: abort.signal } as const
    const repository = openRepository(options, { http: systemHttp({}), clock: fakeClock() })
    await expect(repository.tags()).rejects.toThrow('interrupted by SIGINT')
    expect(registry.requests).toHaveLength(1)
  })
})

describe('who we are', () => {
  test.each(['basic', 'bearer'] as const)('%s credentials open the door', async (kind) => {
    const { repository, registry } = await setting({ auth: { kind, ...login } }, { credentials })
    await put(repository, 'abc')
    await expect(repository.hasBlob(digestOf('abc'))).resolves.toBe(true)
    // The first request alone is turned away: what opened the door is kept.
    expect(registry.requests.filter(({ authorization }) => authorization === null)).toHaveLength(1)
  })

  test('without credentials the hint says how to give them', async () => {
    const { repository } = await setting({ auth: { kind: 'basic', ...login } })
    await expect(repository.tryWrite()).rejects.toMatchObject({
      code: 'registry-unauthorized',
      hint: expect.stringContaining('no credentials were sent'),
    })
  })

  test('a wrong password is refused by the token server, and is not in the message', async () => {
    const wrong: Credentials = { kind: 'basic', username: 'bot', password: 'wr0ng-secret' }
    const { repository } = await setting({ auth: { kind: 'bearer', ...login } }, { credentials: wrong })
    const error = await repository.tryWrite().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'registry-denied',
      message: expect.stringContaining('/token answered 403'),
    })
    expect(JSON.stringify(error)).not.toContain('wr0ng')
  })

  test('an expired token is renewed in the middle of the work', async () => {
    const { repository, registry } = await setting(
      {
        auth: { kind: 'bearer', ...login },
        fate: (_, number) =>
          number === 3
            ? { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${host()}/token"` } }
            : 'serve',
      },
      { credentials },
    )
    const host = () => registry.host
    await repository.tags()
    await expect(repository.tags()).resolves.toEqual([])
    expect(registry.requests).toHaveLength(4)
  })

  test('a redirect to another host does not get the token', async () => {
    const storage = await start({ fate: () => ({ status: 200, body: 'blob' }) })
    const { repository, registry } = await setting(
      {
        auth: { kind: 'basic', ...login },
        fate: ({ method, authorization }) =>
          method === 'GET' && authorization !== null
            ? { status: 307, headers: { location: `http://${storage.host}/signed?x=1` } }
            : 'serve',
      },
      { credentials },
    )
    const blob = await repository.readBlob(digestOf('blob'), (body) => body.toArray())
    expect(Buffer.concat(blob).toString()).toBe('blob')
    expect(registry.requests.at(-1)?.authorization).not.toBeNull()
    expect(storage.requests).toMatchObject([{ path: '/signed?x=1', authorization: null }])
  })

  test.each(['http://example.com/upload', 'ftp://127.0.0.1/upload', 'http://['])(
    'an upload is not sent to %s',
    async (location) => {
      const { repository } = await setting({ fate: () => ({ status: 202, headers: { location } }) })
      await expect(put(repository, 'x')).rejects.toMatchObject({ code: 'registry-broken' })
    },
  )
})

describe('manifests and tags', () => {
  test('what was put under a digest and a tag is what both stand for', async () => {
    const { repository } = await setting()
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }))
    const digest = digestOf(bytes)
    const manifest = { descriptor: { mediaType: mediaTypes.index, digest, size: bytes.length }, bytes }
    await repository.putManifest(digest, manifest)
    await repository.putManifest('v1', manifest)
    await expect(repository.resolve('v1')).resolves.toBe(digest)
    await expect(repository.getManifest(digest)).resolves.toEqual({
      digest,
      mediaType: mediaTypes.index,
      bytes,
    })
    await expect(repository.resolve('v2')).resolves.toBeNull()
  })

  test('only 404 means absent', async () => {
    const { repository } = await setting({ fate: () => ({ status: 403 }) })
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'registry-denied' })
    await expect(repository.tags()).rejects.toMatchObject({ code: 'registry-denied' })
    await expect(repository.hasBlob(digestOf('x'))).rejects.toMatchObject({ code: 'registry-denied' })
  })

  test('tags are read over all pages', async () => {
    const { repository, registry } = await setting({ pageSize: 2 })
    for (const tag of ['a', 'b', 'c', 'd', 'e']) registry.setTag('alt-las/x', tag, digestOf(tag))
    await expect(repository.tags()).resolves.toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('content of another digest than asked for is not believed', async () => {
    const { repository } = await setting({ fate: () => ({ status: 200, body: '{}' }) })
    await expect(repository.getManifest(digestOf('other'))).rejects.toMatchObject({ code: 'registry-broken' })
  })
})

test('an image that was pushed is pulled into the same layout', async () => {
  const { repository } = await setting()
  const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
  const source = await readLayout((await writeLayout({ platforms })).path)
  for (const { digest } of source.blobs) await repository.putBlob(digest, await fileBody(source.path, digest))
  for (const manifest of source.manifests) await repository.putManifest(manifest.descriptor.digest, manifest)
  const path = join(await mkdtemp(join(tmpdir(), 'pull ')), 'layout')
  const pulled = await pullLayout(repository, source.top.digest, path)
  expect(pulled.top.digest).toBe(source.top.digest)
  expect(pulled.blobs.map(({ digest }) => digest)).toEqual(source.blobs.map(({ digest }) => digest))
})

async function fileBody(path: string, digest: string) {
  const { readFile } = await import('node:fs/promises')
  return body(await readFile(join(path, 'blobs', 'sha256', digest.slice(7)), 'utf8'))
}

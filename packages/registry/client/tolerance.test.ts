import { createReadStream } from 'node:fs'
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
  type Fate,
  type WireRegistryOptions,
} from '@alt-las/testing'
import { blobPath, digestOf, mediaTypes, openRepository, pullLayout, readLayout } from '../index.ts'
import { manifestType } from './manifest-type.ts'

const start = closedAfter(afterEach, startRegistry)

async function open(wire: WireRegistryOptions, attempts = 1) {
  const registry = await start(wire)
  const at = { registry: registry.host, repository: 'alt-las/x' }
  const options = { at, access: 'push', credentials: null, attempts } as const
  return { registry, repository: openRepository(options, { http: systemHttp({}), clock: fakeClock() }) }
}

const bytes = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config: undefined, layers: [] }),
)
const manifest = {
  descriptor: { mediaType: mediaTypes.manifest, digest: digestOf(bytes), size: bytes.length },
  bytes,
}

describe('a registry that does not serve HEAD of a manifest', () => {
  test.each([405, 501, 404])('with %d is asked with GET', async (status) => {
    const { repository } = await open({ fate: ({ method }) => (method === 'HEAD' ? { status } : 'serve') })
    await expect(repository.resolve('v1')).resolves.toBeNull()
    await repository.putManifest('v1', manifest)
    await expect(repository.resolve('v1')).resolves.toBe(manifest.descriptor.digest)
  })

  test('is not suspected once a HEAD was answered: 404 is absent without another request', async () => {
    const { repository, registry } = await open({})
    await repository.putManifest('v1', manifest)
    await repository.resolve('v1')
    await expect(repository.resolve('v2')).resolves.toBeNull()
    expect(registry.requests.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'HEAD'])
  })
})

describe('a registry that does not serve HEAD of a blob', () => {
  test.each([405, 501, 404])('with %d is asked with GET', async (status) => {
    const { repository } = await open({ fate: ({ method }) => (method === 'HEAD' ? { status } : 'serve') })
    const content = { size: 5, open: () => Readable.from(['hello']) }
    await expect(repository.hasBlob(digestOf('hello'))).resolves.toBe(false)
    await repository.putBlob(digestOf('hello'), content)
    await expect(repository.hasBlob(digestOf('hello'), 5)).resolves.toBe(true)
  })

  test.each<[string, Fate]>([
    ['its answer has no size', { status: 200, headers: {} }],
    ['the storage has signed for GET alone', { status: 403 }],
  ])('nor where %s', async (_, answer) => {
    const { repository } = await open({ fate: ({ method }) => (method === 'HEAD' ? answer : 'serve') })
    await repository.putBlob(digestOf('hello'), { size: 5, open: () => Readable.from(['hello']) })
    await expect(repository.hasBlob(digestOf('hello'), 5)).resolves.toBe(true)
  })

  test('a registry that denies both is no registry that lacks it', async () => {
    const { repository } = await open({ fate: () => ({ status: 403 }) })
    await expect(repository.hasBlob(digestOf('hello'), 5)).rejects.toMatchObject({ code: 'registry-denied' })
  })

  test('a blob of another size is not the blob', async () => {
    const { repository } = await open({})
    await repository.putBlob(digestOf('hello'), { size: 5, open: () => Readable.from(['hello']) })
    await expect(repository.hasBlob(digestOf('hello'), 6)).resolves.toBe(false)
  })
})

describe('an upload that the registry has lost', () => {
  test.each([
    ['404', { status: 404, body: '' }],
    ['BLOB_UPLOAD_INVALID', { status: 400, body: '{"errors":[{"code":"BLOB_UPLOAD_INVALID"}]}' }],
  ])('is begun again after %s', async (_, answer) => {
    let lost = 0
    const { repository, registry } = await open(
      { fate: ({ method }) => (method === 'PUT' && lost++ === 0 ? answer : 'serve') },
      2,
    )
    await repository.putBlob(digestOf('hello'), { size: 5, open: () => Readable.from(['hello']) })
    expect(registry.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
    expect(registry.state()).toEqual([`blob alt-las/x ${digestOf('hello')}`])
  })
})

test('a page of tags that is named and absent is not the end', async () => {
  const { repository } = await open({
    fate: ({ path }) =>
      path.includes('last=')
        ? { status: 404 }
        : { status: 200, headers: { link: '</v2/a/tags/list?last=a>; rel="next"' }, body: '{"tags":["a"]}' },
  })
  await expect(repository.tags()).rejects.toMatchObject({ code: 'registry-broken' })
})

test('a list of tags without an end is not taken for a whole one', async () => {
  const { repository } = await open({
    fate: () => ({
      status: 200,
      headers: { link: '</v2/alt-las/x/tags/list?last=a>; rel="next"' },
      body: '{"tags":["a"]}',
    }),
  })
  await expect(repository.tags()).rejects.toMatchObject({ code: 'registry-broken' })
})

test.each([
  ['a known header', mediaTypes.dockerManifest, '{"layers":[]}', mediaTypes.dockerManifest],
  ['a known header without anything else', mediaTypes.dockerManifest, '{}', mediaTypes.dockerManifest],
  [
    'its own field, whatever the header',
    mediaTypes.dockerManifest,
    `{"mediaType":"${mediaTypes.index}"}`,
    mediaTypes.index,
  ],
  [
    'its shape, where the header is of another',
    mediaTypes.dockerManifest,
    '{"manifests":[]}',
    mediaTypes.index,
  ],
  [
    'its own field',
    'application/json; charset=utf-8',
    `{"mediaType":"${mediaTypes.index}"}`,
    mediaTypes.index,
  ],
  ['the shape of an index', 'application/octet-stream', '{"manifests":[]}', mediaTypes.index],
  ['the shape of an image', '', '{"layers":[]}', mediaTypes.manifest],
  ['an unknown field of its own', 'text/plain', '{"mediaType":"x/y","layers":[]}', 'text/plain'],
  ['text that is no manifest', 'text/html', '<html>', 'text/html'],
  ['null', 'application/json', 'null', 'application/json'],
])('the type of a manifest by %s', (_, header, text, expected) => {
  expect(manifestType(header, Buffer.from(text))).toBe(expected)
})

describe('a foreign layer', () => {
  const foreign = {
    mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    digest: digestOf('elsewhere'),
    size: 123,
  }

  const withForeignLayer = () => writeLayout({ foreign: [foreign] })

  test('that a layout lacks is left out of its blobs, and named', async () => {
    const { path } = await withForeignLayer()
    const layout = await readLayout(path)
    expect(layout.foreign).toMatchObject([foreign])
    expect(layout.blobs.map(({ digest }) => digest)).not.toContain(foreign.digest)
  })

  test('that a registry lacks is left out of the pulled layout', async () => {
    const { path } = await withForeignLayer()
    const layout = await readLayout(path)
    const { repository } = await open({})
    for (const { digest, size } of layout.blobs)
      await repository.putBlob(digest, { size, open: () => createReadStream(blobPath(path, digest)) })
    for (const one of layout.manifests) await repository.putManifest(one.descriptor.digest, one)
    const to = join(await mkdtemp(join(tmpdir(), 'pull ')), 'image')
    await expect(pullLayout(repository, layout.top.digest, to)).resolves.toMatchObject({ foreign: [foreign] })
  })
})

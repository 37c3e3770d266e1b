import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemHttp } from '@alt-las/http'
import {
  fakeClock,
  startRegistry,
  writeLayout,
  type WireRegistry,
  type WireRegistryOptions,
} from '@alt-las/testing'
import { blobPath, digestOf, mediaTypes, openRepository, pullLayout, readLayout } from '../index.ts'
import { manifestType } from './manifest-type.ts'

const running: WireRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close()
})

async function open(wire: WireRegistryOptions, attempts = 1) {
  const registry = await startRegistry(wire)
  running.push(registry)
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
    digest: `sha256:${'d'.repeat(64)}`,
    size: 123,
  }

  /** A layout whose image has one more layer, which is not there. */
  async function withForeignLayer() {
    const { path, digest } = await writeLayout()
    const image = JSON.parse(await readFile(blobPath(path, digest), 'utf8')) as { layers: object[] }
    const text = JSON.stringify({ ...image, layers: [...image.layers, foreign] })
    await writeFile(blobPath(path, digestOf(text)), text)
    const top = { mediaType: mediaTypes.manifest, digest: digestOf(text), size: Buffer.byteLength(text) }
    await writeFile(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
    return { path, top, text }
  }

  test('that a layout lacks is named as what it is', async () => {
    const { path } = await withForeignLayer()
    await expect(readLayout(path)).rejects.toMatchObject({
      code: 'foreign-layer',
      message: `the oci layout lacks the layer ${foreign.digest}, which may not be distributed (a foreign layer)`,
    })
  })

  test('that a registry lacks is named as what it is', async () => {
    const { path, top, text } = await withForeignLayer()
    const content = (digest: string) => readFile(blobPath(path, digest as typeof top.digest))
    const { repository } = await open({})
    const source = {
      ...repository,
      getManifest: () => Promise.resolve({ ...top, bytes: Buffer.from(text) }),
      readBlob: async <T>(digest: typeof top.digest, read: (stream: Readable) => Promise<T>): Promise<T> =>
        digest === foreign.digest
          ? repository.readBlob(digest, read)
          : read(Readable.from([await content(digest)])),
    }
    const to = join(await mkdtemp(join(tmpdir(), 'pull ')), 'image')
    await expect(pullLayout(source, top.digest, to)).rejects.toMatchObject({ code: 'foreign-layer' })
    await rm(path, { recursive: true })
  })
})

import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { writeLayout } from '@alt-las/testing'
import {
  blobPath,
  digestOf,
  formatPlatform,
  images,
  mediaTypes,
  readJsonBlob,
  readLayout,
  type Digest,
} from '../index.ts'

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' }

describe('readLayout', () => {
  test('a single image: its digest, its blobs, its platform from the configuration', async () => {
    const written = await writeLayout()
    const layout = await readLayout(written.path)
    expect(layout.top.digest).toBe(written.digest)
    expect(layout.blobs.map(({ digest }) => digest).sort()).toEqual([...written.blobs].sort())
    expect(images(layout).map(({ platform }) => platform)).toEqual([amd64])
  })

  test('an index: children come before it, a shared blob is named once', async () => {
    const written = await writeLayout({ platforms: [amd64, arm64] })
    const layout = await readLayout(written.path)
    expect(layout.manifests.map(({ kind }) => kind)).toEqual(['manifest', 'manifest', 'index'])
    expect(layout.manifests.at(-1)?.descriptor.digest).toBe(written.digest)
    expect(images(layout).map(({ platform }) => platform && formatPlatform(platform))).toEqual([
      'linux/amd64',
      'linux/arm64',
    ])
  })

  test("the image's configuration can be read", async () => {
    const { path } = await writeLayout({ labels: { a: 'b' } })
    const [image] = images(await readLayout(path))
    await expect(readJsonBlob(path, image!.config)).resolves.toMatchObject({ config: { Labels: { a: 'b' } } })
  })

  test('two names of one image in index.json are one image, two images are refused', async () => {
    const { path, digest } = await writeLayout()
    const entry = async () =>
      (JSON.parse(await readFile(join(path, 'index.json'), 'utf8')) as Index).manifests[0]!
    const first = await entry()
    await writeIndex(path, [first, { ...first, annotations: { name: 'b' } }])
    expect((await readLayout(path)).top.digest).toBe(digest)
    await writeIndex(path, [first, { ...first, digest: digestOf('other') }])
    await expect(readLayout(path)).rejects.toMatchObject({ code: 'layout-invalid' })
  })

  test('a layer with other bytes is corrupt, by size or by digest', async () => {
    const { path, blobs } = await writeLayout({ layers: ['0123456789'] })
    await writeFile(blobPath(path, digestOf('0123456789')), '012345678X')
    await expect(readLayout(path)).rejects.toThrow('is corrupt: its content has the digest')
    await writeFile(blobPath(path, digestOf('0123456789')), '01234')
    await expect(readLayout(path)).rejects.toThrow('it has 5 bytes, its descriptor says 10')
    expect(blobs).toContain(digestOf('0123456789'))
  })

  test('a link to a device is read neither as a document nor as a layer', async () => {
    const { path, blobs } = await writeLayout()
    const [layer = ''] = blobs
    await rm(blobPath(path, layer as Digest))
    await symlink('/dev/zero', blobPath(path, layer as Digest))
    await expect(readLayout(path)).rejects.toThrow(/it is (?:a device|not a regular file)/)
    await rm(join(path, 'index.json'))
    await symlink('/dev/zero', join(path, 'index.json'))
    await expect(readLayout(path)).rejects.toMatchObject({ code: 'layout-invalid' })
  })

  test.each(['oci-layout', 'index.json'])('without %s it is no layout', async (name) => {
    const { path } = await writeLayout()
    await rm(join(path, name))
    await expect(readLayout(path)).rejects.toMatchObject({ code: 'layout-missing', fault: 'input' })
  })

  test('a missing blob is named', async () => {
    const { path } = await writeLayout({ layers: ['gone'] })
    await rm(blobPath(path, digestOf('gone')))
    await expect(readLayout(path)).rejects.toThrow(digestOf('gone').slice(7))
  })

  test.each([
    ['a digest that climbs out of the layout', { digest: 'sha256:../../../etc/passwd' }],
    ['a size that is no number', { size: '9' }],
    ['an unknown media type', { mediaType: 'text/plain' }],
    ['a media type other than the document says', { mediaType: mediaTypes.index }],
  ])('%s is invalid', async (_, change) => {
    const { path } = await writeLayout()
    const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8')) as Index
    await writeIndex(path, [{ ...index.manifests[0]!, ...change }])
    await expect(readLayout(path)).rejects.toMatchObject({ code: 'layout-invalid' })
  })

  test('an empty index.json and broken JSON are invalid', async () => {
    const { path } = await writeLayout()
    await writeIndex(path, [])
    await expect(readLayout(path)).rejects.toThrow('it names no image')
    await writeFile(join(path, 'index.json'), '{')
    await expect(readLayout(path)).rejects.toMatchObject({ code: 'layout-invalid' })
  })
})

interface Index {
  readonly manifests: readonly { readonly digest: Digest | string }[]
}

async function writeIndex(path: string, manifests: readonly object[]): Promise<void> {
  await writeFile(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
}

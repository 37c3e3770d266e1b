import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { writeLayout } from '@alt-las/testing'
import { readFile } from 'node:fs/promises'
import { blobPath, digestOf, mediaTypes, pullLayout, type Digest, type Repository } from './index.ts'

type Source = Pick<Repository, 'name' | 'getManifest' | 'readBlob'>

/** A registry that holds these manifests; each blob's content is what `content` says. */
function source(manifests: readonly string[], content: (digest: Digest) => string | Buffer): Source {
  const found = new Map<string, string>(manifests.map((text) => [digestOf(text), text]))
  return {
    name: 'registry.example/x',
    getManifest: (reference) => {
      const text = found.get(reference)
      if (text === undefined) return Promise.resolve(null)
      const mediaType = text.includes('"manifests"') ? mediaTypes.index : mediaTypes.manifest
      return Promise.resolve({ digest: digestOf(text), mediaType, bytes: Buffer.from(text) })
    },
    readBlob: (digest, read) => read(Readable.from([content(digest)])),
  }
}

const pull = async (repository: Source, digest: Digest) =>
  pullLayout(repository, digest, join(await mkdtemp(join(tmpdir(), 'pull ')), 'image'))

const indexOf = (...children: readonly string[]) =>
  JSON.stringify({
    schemaVersion: 2,
    manifests: children.map((text) => ({
      mediaType: text.includes('"manifests"') ? mediaTypes.index : mediaTypes.manifest,
      digest: digestOf(text),
      size: text.length,
    })),
  })

describe('pullLayout', () => {
  test.each([
    [
      'more than its descriptor says is not kept',
      (whole: Buffer) => Buffer.concat([whole, whole]),
      'sends more than',
      false,
    ],
    ['less is a try that broke off', (whole: Buffer) => whole.subarray(1), 'sent', true],
  ] as const)('of a blob, %s', async (_, change, message, transient) => {
    const { path, digest } = await writeLayout()
    const text = await readFile(blobPath(path, digest), 'utf8')
    const blobs = new Map<string, Buffer>()
    for (const { digest: blob } of (JSON.parse(text) as { layers: { digest: Digest }[] }).layers)
      blobs.set(blob, await readFile(blobPath(path, blob)))
    const { config } = JSON.parse(text) as { config: { digest: Digest } }
    const whole = await readFile(blobPath(path, config.digest))
    const repository = source([text], (blob) => {
      const layer = blobs.get(blob)
      return layer === undefined ? whole : change(layer)
    })
    await expect(pull(repository, digest)).rejects.toMatchObject({
      code: 'registry-broken',
      message: expect.stringContaining(message),
      transient,
    })
  })

  test('an index of indexes without an end is not followed', async () => {
    const levels = ['{"schemaVersion":2,"manifests":[]}']
    for (let level = 0; level < 6; level += 1) levels.push(indexOf(levels.at(-1) ?? ''))
    const top = digestOf(levels.at(-1) ?? '')
    await expect(
      pull(
        source(levels, () => ''),
        top,
      ),
    ).rejects.toThrow('more than 4 levels of indexes')
  })

  test('nor is one of too many images', async () => {
    const leaves = Array.from(
      { length: 1001 },
      (_, at) => `{"schemaVersion":2,"manifests":[],"annotations":{"a":"${at}"}}`,
    )
    const top = indexOf(...leaves)
    await expect(
      pull(
        source([...leaves, top], () => ''),
        digestOf(top),
      ),
    ).rejects.toThrow('more than 1000 manifests')
  })

  test('a manifest that is an index too is refused', async () => {
    const both = JSON.stringify({ schemaVersion: 2, manifests: [], layers: [] })
    await expect(
      pull(
        source([both], () => ''),
        digestOf(both),
      ),
    ).rejects.toThrow('both manifests and layers')
  })
})

// Images as bytes: an OCI layout on disk, and one that is pulled from a registry.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import {
  blobPath,
  digestOf,
  mediaTypes,
  pullLayout,
  readLayout,
  type Digest,
  type Layout,
} from '@alt-las/registry'
import { manifestType } from '../../packages/registry/client/manifest-type.ts'
import { must, triedAsync, type Target } from './harness.ts'
import { descriptorOf, image, indexOf, manifestOf } from './image.ts'
import { mutatedJsonText } from './mutate-json.ts'
import { oddText } from './odd.ts'

/** Everything that a reader finds, by digest; the blobs that were not changed have theirs. */
interface Stored {
  readonly top: Digest
  readonly indexJson: string
  readonly version: string
  readonly blobs: ReadonlyMap<Digest, string>
}

const version = '{"imageLayoutVersion":"1.0.0"}'

export const layouts: readonly Target[] = [
  triedAsync({
    name: 'OCI layouts',
    inputs: stored(),
    read: async (one) => {
      const path = write(one)
      checkWhole(await readLayout(path), one)
    },
  }),
  triedAsync({
    name: 'registry blob pulls',
    inputs: stored(),
    read: async (one) => {
      const repository = {
        name: 'registry.example/a',
        getManifest: (reference: string) => {
          const text = one.blobs.get(reference as Digest)
          if (text === undefined) return Promise.resolve(null)
          const bytes = Buffer.from(text)
          return Promise.resolve({ digest: reference as Digest, mediaType: manifestType('', bytes), bytes })
        },
        readBlob: <T>(digest: Digest, read: (content: Readable) => Promise<T>) =>
          read(Readable.from([Buffer.from(one.blobs.get(digest) ?? '')])),
      }
      checkWhole(await pullLayout(repository, one.top, join(folder, 'pulled')), one)
    },
  }),
]

const folder = mkdtempSync(join(tmpdir(), 'fuzz-layouts-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})

function stored(): fc.Arbitrary<Stored> {
  const config = JSON.stringify(image.config)
  const [manifest, index] = [JSON.stringify(image.manifest), JSON.stringify(image.index)]
  return fc.oneof(
    mutatedJsonText([image.config]).map((text) => {
      const own = JSON.stringify(manifestOf(text))
      return whole([image.layer, text, own, JSON.stringify(indexOf(own))])
    }),
    mutatedJsonText([image.manifest]).map((text) =>
      whole([image.layer, config, text, JSON.stringify(indexOf(text))]),
    ),
    mutatedJsonText([image.index]).map((text) => whole([image.layer, config, manifest, text])),
    mutatedJsonText([{ schemaVersion: 2, manifests: [image.top] }]).map((indexJson) => {
      return { ...whole([image.layer, config, manifest, index]), indexJson }
    }),
    mutatedJsonText([JSON.parse(version)]).map((text) => {
      return { ...whole([image.layer, config, manifest, index]), version: text }
    }),
    fc.tuple(fc.nat(3), oddText).map(([at, text]) => {
      const sound = whole([image.layer, config, manifest, index])
      const blobs = [...sound.blobs].map(([digest, own], i) => [digest, i === at ? text : own] as const)
      return { ...sound, blobs: new Map(blobs) }
    }),
  )
}

/** The last text is the index. */
function whole(texts: readonly string[]): Stored {
  const top = texts.at(-1) ?? ''
  const indexJson = JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(mediaTypes.index, top)] })
  return {
    top: digestOf(top),
    indexJson,
    version,
    blobs: new Map(texts.map((text) => [digestOf(text), text])),
  }
}

function write({ indexJson, version: text, blobs }: Stored): string {
  const path = join(folder, 'layout')
  rmSync(path, { recursive: true, force: true })
  mkdirSync(join(path, 'blobs', 'sha256'), { recursive: true })
  writeFileSync(join(path, 'oci-layout'), text)
  writeFileSync(join(path, 'index.json'), indexJson)
  for (const [digest, content] of blobs) writeFileSync(blobPath(path, digest), content)
  return path
}

function checkWhole({ manifests, blobs }: Layout, stored: Stored): void {
  for (const { digest, size } of [...blobs, ...manifests.map(({ descriptor }) => descriptor)]) {
    const text = stored.blobs.get(digest) ?? ''
    must(digestOf(text) === digest && Buffer.byteLength(text) === size, `${digest} is other content`)
  }
}

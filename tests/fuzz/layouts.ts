// Images as bytes: an OCI layout on disk, and one that is pulled from a registry.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { paxOf, tarOfParts, type TarPart } from '@alt-las/testing'
import {
  blobPath,
  digestOf,
  layerFiles,
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
import { oddKeys, oddText } from './odd.ts'

/** Everything that a reader finds, by digest; the blobs that were not changed have theirs. */
interface Stored {
  readonly top: Digest
  readonly indexJson: string
  readonly version: string
  readonly blobs: ReadonlyMap<Digest, string>
}

const version = '{"imageLayoutVersion":"1.0.0"}'

const names = fc.oneof(
  fc.constantFrom(
    'etc/passwd',
    './etc//passwd',
    '../etc/passwd',
    '/',
    'etc/',
    'a/../../b',
    '.wh.etc',
    '././@LongLink',
  ),
  oddText,
)
const orUnset = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 3 })

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
    name: 'layers',
    inputs: archives(),
    refusal: 'error',
    read: async (bytes) => {
      const path = join(folder, 'layer')
      writeFileSync(path, bytes)
      for await (const { path: place, kind, read } of layerFiles(path)) {
        must(!/^\/|\/$|(?:^|\/)\.\.?(?:\/|$)/.test(place), `${place} is not the place of a file`)
        const content = await read()
        must(kind === 'file' || content?.length === 0, `a ${kind} has content`)
      }
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

/** Entries of every kind, with fields that another reader would take otherwise. */
function archives(): fc.Arbitrary<Buffer> {
  const records = fc.dictionary(fc.constantFrom('path', 'size', 'GNU.sparse.name', ...oddKeys), names, {
    maxKeys: 3,
  })
  const part: fc.Arbitrary<TarPart> = fc
    .record({
      name: names,
      text: fc.oneof(oddText, records.map(paxOf)),
      type: fc.constantFrom('0', '\0', '1', '2', '3', '5', '7', 'x', 'g', 'L', 'K', 'S', 'V'),
      size: orUnset(fc.constantFrom('0', '-0000000001', '77777777777', 'x', '\x80', '9', '00000001000')),
      magic: orUnset(fc.constantFrom('ustar  ', '', 'ustar\0')),
      prefix: orUnset(names),
    })
    .map(
      (one) =>
        Object.fromEntries(
          Object.entries(one).filter(([, value]) => value !== undefined),
        ) as unknown as TarPart,
    )
  const whole = fc.array(part, { maxLength: 6 }).map((parts) => tarOfParts(parts))
  const cut = fc.tuple(whole, fc.nat(5000)).map(([bytes, at]) => bytes.subarray(0, at))
  return fc.oneof({ weight: 5, arbitrary: whole }, { weight: 1, arbitrary: cut })
}

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

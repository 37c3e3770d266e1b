import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { errorCode, readBounded } from '@alt-las/failure'
import { readPlatform, record, type Descriptor } from '../descriptor.ts'
import { parseReference, type Reference } from '../reference.ts'
import { isForeignLayer } from './foreign-layer.ts'
import { checkDocumentSize, checkTree, mostDocumentBytes } from '../limits.ts'
import { digestOf, digestOfStream, verified, type Digest } from '../digest.ts'
import { corrupt, invalid, missing, otherContent } from './layout-failure.ts'
import {
  hasImageConfig,
  readDescriptors,
  readManifest,
  type ImageManifest,
  type Manifest,
} from '../manifest.ts'

/** An image on disk. Its manifests and configurations are verified; its layers too, unless it was read by `sizes`. */
export interface Layout {
  readonly path: string
  /** The image's digest in a registry. */
  readonly top: Descriptor
  /** Each once, children before parents, in the order of a push. The last one is `top`. */
  readonly manifests: readonly Manifest[]
  /** Configurations and layers, each once. */
  readonly blobs: readonly Descriptor[]
  /** Layers that may not be distributed and are not here; a pull gets them from elsewhere. */
  readonly foreign: readonly Descriptor[]
}

export interface ReadLayoutOptions {
  /**
   * `digests` (default) reads every blob. `sizes` only looks at their sizes: for who has just written them, or verifies what he reads
   * (`openBlob`).
   */
  readonly blobs?: 'digests' | 'sizes'
}

/** Reads an OCI image layout and verifies every blob that it refers to. Throws Failure with a LayoutCode. */
export async function readLayout(path: string, options: ReadLayoutOptions = {}): Promise<Layout> {
  const verify = options.blobs === 'sizes' ? checkSize : verifyBlob
  await checkVersion(path)
  const top = await readTop(path)
  const found = new Map<Digest, Manifest>()
  await walk(path, top, { found, level: 1 })
  const manifests = [...found.values()]
  const blobs: Descriptor[] = []
  const foreign: Descriptor[] = []
  for (const blob of uniqueBlobs(manifests)) ((await verify(path, blob)) ? blobs : foreign).push(blob)
  return { path, top, manifests, blobs, foreign }
}

/** The image's name that the layout itself gives: BuildKit writes it whole, others as the reference's name, which may be a tag alone. */
export function nameInLayout({ top }: Layout): Reference | null {
  const names = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']
  const [name] = names.flatMap((key) => {
    const text = top.annotations?.[key] ?? ''
    return /[/:]/.test(text) ? (readReference(text) ?? []) : []
  })
  return name ?? null
}

function readReference(text: string): Reference | null {
  try {
    return parseReference(text)
  } catch {
    return null
  }
}

/** Where a layout keeps the content of a digest. */
export function blobPath(layoutPath: string, digest: Digest): string {
  return join(layoutPath, 'blobs', 'sha256', digest.slice('sha256:'.length))
}

/** The images of a layout, without indexes and attestations. */
export function images(layout: Layout): readonly ImageManifest[] {
  return layout.manifests.filter(
    (one): one is ImageManifest => one.kind === 'manifest' && one.platform !== null,
  )
}

/** The JSON document in a blob, e.g. an image's configuration; digest and size are checked again. */
export async function readJsonBlob(layoutPath: string, descriptor: Descriptor): Promise<unknown> {
  const bytes = await readVerified(layoutPath, descriptor, 'document')
  return sound(blobPath(layoutPath, descriptor.digest), () => parseJson(bytes))
}

async function checkVersion(path: string): Promise<void> {
  const file = join(path, 'oci-layout')
  const bytes = await readOrFail(file)
  const version = sound(file, () => record(parseJson(bytes), 'the document')['imageLayoutVersion'])
  if (version !== '1.0.0')
    throw invalid(file, `imageLayoutVersion is ${JSON.stringify(version)}, expected "1.0.0"`)
}

// A builder with several names writes one entry for each: they must agree on the digest.
async function readTop(path: string): Promise<Descriptor> {
  const file = join(path, 'index.json')
  const bytes = await readOrFail(file)
  const entries = sound(file, () => readDescriptors(record(parseJson(bytes), 'the document'), 'manifests'))
  const [first] = entries
  if (first === undefined) throw invalid(file, 'it names no image')
  const digests = new Set(entries.map(({ digest }) => digest))
  if (digests.size > 1)
    throw invalid(file, `it names ${digests.size} images, expected one: ${[...digests].join(', ')}`)
  return first
}

interface Walk {
  readonly found: Map<Digest, Manifest>
  readonly level: number
}

async function walk(path: string, at: Descriptor, { found, level }: Walk): Promise<void> {
  if (found.has(at.digest)) return
  sound(join(path, 'index.json'), () => {
    checkTree(level, found.size + 1)
  })
  const bytes = await readVerified(path, at, 'manifest')
  const manifest = sound(blobPath(path, at.digest), () => readManifest(at, bytes))
  if (manifest.kind === 'index')
    for (const child of manifest.children) await walk(path, child, { found, level: level + 1 })
  found.set(at.digest, manifest.kind === 'index' ? manifest : await withPlatform(path, manifest))
}

// Without an index, the configuration has the platform.
async function withPlatform(path: string, manifest: ImageManifest): Promise<ImageManifest> {
  if (manifest.descriptor.platform !== undefined || !hasImageConfig(manifest)) return manifest
  const config = await readJsonBlob(path, manifest.config)
  const platform = sound(blobPath(path, manifest.config.digest), () =>
    readPlatform(config, 'the configuration'),
  )
  return { ...manifest, platform }
}

function uniqueBlobs(manifests: readonly Manifest[]): readonly Descriptor[] {
  const all = manifests.flatMap((one) => (one.kind === 'index' ? [] : [one.config, ...one.layers]))
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()]
}

/** A blob's content. The last bytes come only if the whole has its digest; throws `layout-corrupt` otherwise. */
export function openBlob(layoutPath: string, digest: Digest): Readable {
  const file = blobPath(layoutPath, digest)
  const whole = verified(contentOf(file), digest, (seen) => otherContent(file, seen))
  return Readable.from(whole, { objectMode: false })
}

async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>
  } catch (error) {
    throw missing(file, error)
  }
}

async function verifyBlob(path: string, blob: Descriptor): Promise<boolean> {
  if (!(await checkSize(path, blob))) return false
  const file = blobPath(path, blob.digest)
  const seen = await digestOfStream(contentOf(file))
  if (seen.digest !== blob.digest) throw otherContent(file, seen.digest)
  return true
}

/** false where the blob is not here, and need not be. */
async function checkSize(path: string, blob: Descriptor): Promise<boolean> {
  const { digest, size } = blob
  const file = blobPath(path, digest)
  // A truncated layer is found without reading gigabytes.
  const found = await stat(file).catch((error: unknown) => {
    if (isForeignLayer(blob) && errorCode(error) === 'ENOENT') return null
    throw missing(file, error)
  })
  if (found === null) return false
  // A link to a device has a size of 0, and no end.
  if (!found.isFile()) throw corrupt(file, 'it is not a regular file')
  if (found.size !== size) throw corrupt(file, `it has ${found.size} bytes, its descriptor says ${size}`)
  return true
}

async function readVerified(
  path: string,
  descriptor: Descriptor,
  kind: 'manifest' | 'document',
): Promise<Uint8Array> {
  const { digest, size } = descriptor
  const file = blobPath(path, digest)
  sound(file, () => {
    checkDocumentSize(descriptor, kind)
  })
  const bytes = await readOrFail(file)
  if (bytes.length !== size) throw corrupt(file, `it has ${bytes.length} bytes, its descriptor says ${size}`)
  const seen = digestOf(bytes)
  if (seen !== digest) throw otherContent(file, seen)
  return bytes
}

async function readOrFail(file: string): Promise<Uint8Array> {
  return readBounded(file, mostDocumentBytes).catch((error: unknown) => {
    if (errorCode(error) !== null) throw missing(file, error)
    return sound(file, () => {
      throw error
    })
  })
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}

function sound<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : String(error))
  }
}

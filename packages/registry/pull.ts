import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure } from '@alt-las/failure'
import type { Repository } from './client/repository.ts'
import type { Descriptor } from './descriptor.ts'
import { digestOf, verified, type Digest } from './digest.ts'
import { isForeignLayer } from './layout/foreign-layer.ts'
import { blobPath, readLayout, type Layout } from './layout/layout.ts'
import { checkTree } from './limits.ts'
import { readManifest } from './manifest.ts'
import type { RegistryCode } from './client/refusal.ts'

/**
 * Pulls an image by digest into a new OCI layout, whose index contains `descriptor.digest` as its only image. The layout is complete or
 * not there: it is written under another name first. Every byte is verified. Throws Failure `registry-absent` and those of both sides.
 */
export async function pullLayout(
  repository: Pick<Repository, 'name' | 'getManifest' | 'readBlob'>,
  digest: Digest,
  path: string,
): Promise<Layout> {
  const partial = `${path}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(dirname(blobPath(partial, digest)), { recursive: true })
  const top = await fetchTree(repository, digest, { path: partial, level: 1, found: new Set() })
  await writeFile(join(partial, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await writeFile(join(partial, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
  const layout = await readLayout(partial, { blobs: 'sizes' })
  await rm(path, { recursive: true, force: true })
  await rename(partial, path)
  return { ...layout, path }
}

interface Fetch {
  readonly path: string
  readonly level: number
  readonly found: Set<Digest>
}

type Source = Pick<Repository, 'name' | 'getManifest' | 'readBlob'>

async function fetchTree(
  repository: Source,
  digest: Digest,
  { path, level, found }: Fetch,
): Promise<Descriptor> {
  sound(repository, () => {
    checkTree(level, found.add(digest).size)
  })
  const { bytes, ...descriptor } = await fetchManifest(repository, digest, path)
  const manifest = sound(repository, () => readManifest(descriptor, bytes))
  if (manifest.kind === 'index') {
    for (const child of manifest.children)
      if (!found.has(child.digest))
        await fetchTree(repository, child.digest, { path, level: level + 1, found })
    return descriptor
  }
  for (const blob of [manifest.config, ...manifest.layers])
    await fetchBlob(repository, blob, path).catch((error: unknown) => {
      const isAbsent = error instanceof Failure && error.code === 'registry-absent'
      // Registries need not have it: the layout names it as foreign then.
      if (!isAbsent || !isForeignLayer(blob)) throw error
    })
  return descriptor
}

async function fetchManifest(
  repository: Source,
  digest: Digest,
  path: string,
): Promise<Descriptor & { readonly bytes: Uint8Array }> {
  const found = await repository.getManifest(digest)
  if (found === null) {
    throw new Failure('registry-absent', `${repository.name}@${digest} is not in the registry`, {
      fault: 'outside',
    })
  }
  const { bytes, mediaType } = found
  if (digestOf(bytes) !== digest) throw broken(repository, `sends different content for ${digest}`)
  await writeFile(blobPath(path, digest), bytes)
  return { mediaType, digest, size: bytes.length, bytes }
}

/** A body that ends early is a try that broke off; one that goes on is cut off at the descriptor's size. */
function fetchBlob(repository: Source, { digest, size }: Descriptor, path: string): Promise<void> {
  return repository.readBlob(digest, async (content) => {
    let received = 0
    const limited = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        received += chunk.length
        if (received > size) throw broken(repository, `sends more than the ${size} bytes of ${digest}`)
        yield chunk
      }
    }
    const wrong = (seen: Digest) =>
      received < size
        ? broken(repository, `sent ${received} of ${size} bytes of ${digest}`, true)
        : broken(repository, `sends content with the digest ${seen} for ${digest}`)
    const whole = (source: AsyncIterable<Buffer>) => verified(limited(source), digest, wrong)
    await pipeline(content, whole, createWriteStream(blobPath(path, digest)))
  })
}

function sound<T>(repository: Source, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw broken(
      repository,
      `has an invalid image: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function broken({ name }: Source, what: string, transient = false): Failure<RegistryCode> {
  return new Failure('registry-broken', `${name} ${what}`, { fault: 'outside', transient })
}

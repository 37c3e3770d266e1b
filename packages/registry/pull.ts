import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure } from '@alt-las/failure'
import type { Repository } from './client/repository.ts'
import type { Descriptor } from './descriptor.ts'
import { digestOf, type Digest } from './digest.ts'
import { foreignLayerMissing, isForeignLayer } from './layout/foreign-layer.ts'
import { blobPath, readLayout, type Layout } from './layout/layout.ts'
import { readManifest } from './manifest.ts'

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
  const top = await fetchTree(repository, digest, partial)
  await writeFile(join(partial, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await writeFile(join(partial, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
  await readLayout(partial)
  await rm(path, { recursive: true, force: true })
  await rename(partial, path)
  return readLayout(path)
}

async function fetchTree(
  repository: Pick<Repository, 'name' | 'getManifest' | 'readBlob'>,
  digest: Digest,
  path: string,
): Promise<Descriptor> {
  const found = await repository.getManifest(digest)
  if (found === null) {
    throw new Failure('registry-absent', `${repository.name}@${digest} is not in the registry`, {
      fault: 'outside',
    })
  }
  const { bytes, mediaType } = found
  if (digestOf(bytes) !== digest)
    throw new Failure('registry-broken', `${repository.name} sends different content for ${digest}`, {
      fault: 'outside',
    })
  const descriptor = { mediaType, digest, size: bytes.length }
  await writeFile(blobPath(path, digest), bytes)
  const manifest = readManifest(descriptor, bytes)
  if (manifest.kind === 'index') {
    for (const child of manifest.children) await fetchTree(repository, child.digest, path)
    return descriptor
  }
  for (const blob of [manifest.config, ...manifest.layers])
    await repository
      .readBlob(blob.digest, (content) => pipeline(content, createWriteStream(blobPath(path, blob.digest))))
      .catch((error: unknown) => {
        const isAbsent = error instanceof Failure && error.code === 'registry-absent'
        throw isAbsent && isForeignLayer(blob) ? foreignLayerMissing(blob, repository.name, error) : error
      })
  return descriptor
}

import type { Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { readAll } from '@alt-las/http'
import type { Repository } from './client/repository.ts'
import { readAnnotations, record, type Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import { hasImageConfig, readManifest } from './manifest.ts'

const mostBytes = 4 * 1024 * 1024

/**
 * The labels of an image in a registry: those of its first platform's configuration, overridden by the annotations of its manifests. They
 * are unproven claims. Throws Failure `registry-broken` if it is not a valid image.
 */
export async function readLabels(
  repository: Pick<Repository, 'name' | 'getManifest' | 'readBlob'>,
  digest: Digest,
  depth = 0,
): Promise<Readonly<Record<string, string>>> {
  const found = await repository.getManifest(digest)
  if (found === null) return {}
  const { bytes, mediaType } = found
  const manifest = sound(repository, () => readManifest({ mediaType, digest, size: bytes.length }, bytes))
  const { annotations } = manifest
  if (manifest.kind === 'manifest')
    return hasImageConfig(manifest)
      ? { ...(await labelsOf(repository, manifest.config)), ...annotations }
      : annotations
  const [first] = manifest.children.filter(({ platform }) => platform?.os !== 'unknown')
  if (first === undefined || depth > 1) return annotations
  return { ...(await readLabels(repository, first.digest, depth + 1)), ...annotations }
}

async function labelsOf(
  repository: Pick<Repository, 'name' | 'readBlob'>,
  config: Descriptor,
): Promise<Readonly<Record<string, string>>> {
  const read = (body: Readable) => readAll({ url: new URL(`https://${repository.name}`), body }, mostBytes)
  const bytes = await repository.readBlob(config.digest, read)
  return sound(repository, () => {
    const document = record(JSON.parse(new TextDecoder().decode(bytes)), 'the configuration')
    return readAnnotations(record(document['config'] ?? {}, 'config')['Labels'], 'Labels')
  })
}

function sound<T>({ name }: Pick<Repository, 'name'>, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new Failure('registry-broken', `${name} has an invalid image: ${what}`, {
      fault: 'outside',
    })
  }
}

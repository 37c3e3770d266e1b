import type { Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { readAll } from '@alt-las/http'
import type { Repository } from './client/repository.ts'
import { record } from './descriptor.ts'
import { hasImageConfig, readManifest, type ImageManifest } from './manifest.ts'

/** What an image's configuration tells everyone who may pull it. */
export interface ImageSettings {
  /** `NAME=value`. */
  readonly env: readonly string[]
  /** The commands of its layers, oldest first. */
  readonly history: readonly string[]
}

const mostBytes = 4 * 1024 * 1024

/**
 * The configuration of an image by tag or digest; of an index, that of its first platform. Throws Failure `registry-absent` or
 * `registry-broken`.
 */
export async function readImageSettings(
  repository: Pick<Repository, 'name' | 'getManifest' | 'readBlob'>,
  reference: string,
): Promise<ImageSettings> {
  const { config } = await imageOf(repository, reference)
  const read = (body: Readable) => readAll({ url: new URL(`https://${repository.name}`), body }, mostBytes)
  const bytes = await repository.readBlob(config.digest, read)
  return sound(repository, () => {
    const document = record(JSON.parse(new TextDecoder().decode(bytes)), 'the configuration')
    const history = Array.isArray(document['history']) ? (document['history'] as readonly unknown[]) : []
    const env = record(document['config'] ?? {}, 'config')['Env']
    return {
      env: Array.isArray(env) ? env.filter((one) => typeof one === 'string') : [],
      history: history
        .map((one) => record(one, 'history')['created_by'])
        .map((one) => (typeof one === 'string' ? one : '')),
    }
  })
}

async function imageOf(
  repository: Pick<Repository, 'name' | 'getManifest'>,
  reference: string,
  depth = 0,
): Promise<ImageManifest> {
  const found = await repository.getManifest(reference)
  if (found === null)
    throw new Failure('registry-absent', `${repository.name} has no image ${reference}`, { fault: 'outside' })
  const { bytes, mediaType, digest } = found
  const manifest = sound(repository, () => readManifest({ mediaType, digest, size: bytes.length }, bytes))
  if (manifest.kind === 'manifest') {
    if (hasImageConfig(manifest)) return manifest
    throw broken(repository, `${reference} has no configuration of an image`)
  }
  const [first] = manifest.children.filter(({ platform }) => platform?.os !== 'unknown')
  if (first === undefined || depth > 1) throw broken(repository, `${reference} has no image of a platform`)
  return imageOf(repository, first.digest, depth + 1)
}

function sound<T>(repository: Pick<Repository, 'name'>, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw broken(repository, error instanceof Error ? error.message : String(error))
  }
}

function broken({ name }: Pick<Repository, 'name'>, what: string): Failure<'registry-broken'> {
  return new Failure('registry-broken', `${name} has an invalid image: ${what}`, { fault: 'outside' })
}

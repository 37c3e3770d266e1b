import { isDigest, type Digest } from './digest.ts'
import type { Platform } from './platform.ts'

/** What points to content: its type, digest and size in bytes. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly platform?: Platform
  readonly annotations?: Readonly<Record<string, string>>
  /** Of an artifact that is no image, such as a signature. */
  readonly artifactType?: string
}

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const

export function isIndex(mediaType: string): boolean {
  return mediaType === mediaTypes.index || mediaType === mediaTypes.dockerIndex
}

export function isManifest(mediaType: string): boolean {
  return mediaType === mediaTypes.manifest || mediaType === mediaTypes.dockerManifest
}

/** Reads a descriptor of a foreign document; throws an Error that names the field. */
export function readDescriptor(value: unknown, where: string): Descriptor {
  const { mediaType, digest, size, platform, annotations, artifactType } = record(value, where)
  if (typeof mediaType !== 'string') throw new Error(`${where}.mediaType is missing`)
  if (typeof digest !== 'string' || !isDigest(digest))
    throw new Error(`${where}.digest is ${JSON.stringify(digest)}, expected sha256: and 64 hex digits`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new Error(`${where}.size is ${JSON.stringify(size)}, expected a number of bytes`)
  return {
    mediaType,
    digest,
    size,
    ...(platform === undefined ? {} : { platform: readPlatform(platform, `${where}.platform`) }),
    ...(annotations === undefined
      ? {}
      : { annotations: readAnnotations(annotations, `${where}.annotations`) }),
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
  }
}

export function readPlatform(value: unknown, where: string): Platform {
  const { os, architecture, variant } = record(value, where)
  if (typeof os !== 'string' || typeof architecture !== 'string')
    throw new Error(`${where} lacks os or architecture`)
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) }
}

export function readAnnotations(value: unknown, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  const entries = Object.entries(record(value, where))
  return Object.fromEntries(entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

export function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where} is not an object`)
  return value as Record<string, unknown>
}

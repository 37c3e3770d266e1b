import {
  isIndex,
  isManifest,
  mediaTypes,
  readAnnotations,
  readDescriptor,
  record,
  type Descriptor,
} from './descriptor.ts'
import type { Platform } from './platform.ts'

/** A manifest with the exact bytes of its digest. */
export type Manifest = ImageManifest | ImageIndex

export interface ImageManifest {
  readonly kind: 'manifest'
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  /** From the index, else from the image's configuration; null for attestations. */
  readonly platform: Platform | null
  readonly annotations: Readonly<Record<string, string>>
}

export interface ImageIndex {
  readonly kind: 'index'
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
  readonly children: readonly Descriptor[]
  readonly annotations: Readonly<Record<string, string>>
}

const imageConfigs = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]

/** Reads a manifest or an index; throws an Error that names the problem. A platform is taken from the descriptor only. */
export function readManifest(descriptor: Descriptor, bytes: Uint8Array): Manifest {
  const document = record(JSON.parse(new TextDecoder().decode(bytes)), 'the manifest')
  const { mediaType } = document
  // The types in document and descriptor must agree: otherwise two readers see two images in the same bytes.
  if (mediaType !== undefined && mediaType !== descriptor.mediaType)
    throw new Error(
      `mediaType is ${JSON.stringify(mediaType)}, but the descriptor says ${descriptor.mediaType}`,
    )
  if (Array.isArray(document['manifests']) && Array.isArray(document['layers']))
    throw new Error('it has both manifests and layers: two readers would see two images in it')
  const annotations = readAnnotations(document['annotations'], 'annotations')
  if (isIndex(descriptor.mediaType)) {
    return { kind: 'index', descriptor, bytes, children: readDescriptors(document, 'manifests'), annotations }
  }
  if (!isManifest(descriptor.mediaType))
    throw new Error(
      `media type ${descriptor.mediaType} is unknown, expected ${mediaTypes.manifest} or an index`,
    )
  return {
    kind: 'manifest',
    descriptor,
    bytes,
    config: readDescriptor(document['config'], 'config'),
    layers: readDescriptors(document, 'layers'),
    platform: realPlatform(descriptor.platform),
    annotations,
  }
}

/** Whether a manifest's configuration is that of an image, with a platform. */
export function hasImageConfig({ config }: ImageManifest): boolean {
  return imageConfigs.includes(config.mediaType)
}

/** The descriptors in a list of a document; throws an Error that names the one that is wrong. */
export function readDescriptors(
  document: Readonly<Record<string, unknown>>,
  name: string,
): readonly Descriptor[] {
  const list = document[name]
  if (!Array.isArray(list)) throw new Error(`${name} is not a list`)
  return list.map((value, index) => readDescriptor(value, `${name}[${index}]`))
}

// BuildKit marks attestations with the platform unknown/unknown.
function realPlatform(platform: Platform | undefined): Platform | null {
  return platform === undefined || platform.os === 'unknown' ? null : platform
}

import { digestOf, type Digest } from '../digest.ts'
import { mediaTypes, type Descriptor } from '../descriptor.ts'

/** The configuration of an artifact that has none. */
export const emptyConfig = {
  bytes: new TextEncoder().encode('{}'),
  descriptor: {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: digestOf('{}'),
    size: 2,
  },
} as const

/** A document that refers to an image. */
export interface Artifact {
  readonly artifactType: string
  /** The image that it is about. */
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>
  readonly layer: { readonly mediaType: string; readonly bytes: Uint8Array }
  readonly annotations: Readonly<Record<string, string>>
}

export interface ArtifactManifest {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
  readonly layer: Digest
}

/** The manifest of an artifact: the same artifact gives the same bytes. */
export function artifactManifest({ artifactType, subject, layer, annotations }: Artifact): ArtifactManifest {
  const digest = digestOf(layer.bytes)
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: emptyConfig.descriptor,
    layers: [{ mediaType: layer.mediaType, digest, size: layer.bytes.length }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations,
  }
  const bytes = new TextEncoder().encode(JSON.stringify(document))
  const descriptor = {
    mediaType: mediaTypes.manifest,
    digest: digestOf(bytes),
    size: bytes.length,
    artifactType,
    annotations,
  }
  return { descriptor, bytes, layer: digest }
}

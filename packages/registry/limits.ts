import type { Descriptor } from './descriptor.ts'

// Documents that are read into memory have a size limit, and so has the tree of manifests: both are foreign content.

/** Bytes of a manifest or an index; registries accept no more. */
const mostManifestBytes = 4 * 1024 * 1024
/** Bytes of a document in a blob, such as an image's configuration. */
const mostDocumentBytes = 8 * 1024 * 1024
/** Indexes within indexes, the image itself included. */
const mostLevels = 4
const mostManifests = 1000
/** Signatures and attestations of one image. */
export const mostReferrers = 1000

export { mostDocumentBytes, mostManifestBytes }

/** Throws an Error if a document is too large to read into memory. */
export function checkDocumentSize({ size }: Pick<Descriptor, 'size'>, kind: 'manifest' | 'document'): void {
  const most = kind === 'manifest' ? mostManifestBytes : mostDocumentBytes
  if (size > most) throw new Error(`it has ${size} bytes, expected at most ${most}`)
}

/** Throws an Error if an image has more manifests, or more levels of indexes, than any real one. */
export function checkTree(level: number, manifests: number): void {
  if (level > mostLevels) throw new Error(`it has more than ${mostLevels} levels of indexes`)
  if (manifests > mostManifests) throw new Error(`it has more than ${mostManifests} manifests`)
}

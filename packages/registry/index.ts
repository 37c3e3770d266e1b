export { digestOf, digestOfStream, isDigest, parseDigest, type Digest } from './digest.ts'
export { formatReference, isTag, parseReference, repositoryName, type Reference } from './reference.ts'
export {
  formatPlatform,
  isIndex,
  isManifest,
  mediaTypes,
  type Descriptor,
  type Platform,
} from './descriptor.ts'
export { hasImageConfig, type ImageIndex, type ImageManifest, type Manifest } from './manifest.ts'
export { blobPath, images, readJsonBlob, readLayout, type Layout, type LayoutCode } from './layout.ts'

// Images in OCI registries and layouts: references, credentials, and a client that proves what it pulls and pushes.
export { digestOf, digestOfStream, isDigest, parseDigest, type Digest } from './digest.ts'
export {
  formatReference,
  isTag,
  parseReference,
  repositoryIn,
  repositoryName,
  tagOf,
  type Reference,
} from './reference.ts'
export { isIndex, mediaTypes, type Descriptor } from './descriptor.ts'
export type { ImageIndex, ImageManifest, Manifest } from './manifest.ts'
export {
  blobPath,
  images,
  readJsonBlob,
  nameInLayout,
  openBlob,
  readLayout,
  type Layout,
  type ReadLayoutOptions,
} from './layout/layout.ts'
export type { LayoutCode } from './layout/layout-failure.ts'
export { chooseCredentials, type Chosen, type Given, type Login } from './credentials/choose.ts'
export { findCredentials, type Credentials, type Helper } from './credentials/credentials.ts'
export { type RegistryCode } from './client/refusal.ts'
export { type FoundManifest } from './client/manifests.ts'
export { openRepository, type Repository, type RepositoryOptions } from './client/repository.ts'
export { readImageSettings, type ImageSettings } from './image-settings.ts'
export { openForPull, type PullOptions } from './open-for-pull.ts'
export { readLabels } from './labels.ts'
export { attach, type Artifact } from './referrers/attach.ts'
export { emptyConfig } from './referrers/artifact.ts'
export { fallbackTag, findReferrers } from './referrers/find.ts'
export { readSmallBlob } from './referrers/small-blob.ts'
export { layerFiles } from './layout/layer.ts'
export { type TarEntry } from './layout/tar.ts'
export { pullLayout } from './pull.ts'
export { formatSize } from './format-size.ts'
export { formatPlatform, normalPlatform, type Platform } from './platform.ts'
export { foreignLayerMissing } from './layout/foreign-layer.ts'

import type { Repository } from '@alt-las/registry'

/** The read side of the repository that an image and its evidence lie in. */
export type EvidenceSource = Pick<Repository, 'name' | 'getManifest' | 'readBlob' | 'referrers'>

/** A bundle with the SBOM of a large image. */
export const mostBundleBytes = 48 * 1024 * 1024

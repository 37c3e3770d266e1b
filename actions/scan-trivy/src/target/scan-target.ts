import type { Digest } from '@alt-las/registry'

/** One run of Trivy, and the image that its report must name. */
export interface ScanTarget {
  /** `linux/amd64`; '' where there is no platform. */
  readonly platform: string
  readonly subject: TrivySubject
  /** Digest of the image's configuration, which Trivy's report must name; null where it is not known in advance. */
  readonly imageId: Digest | null
  /** Paths of the image's layers, the lowest first; empty where the source is not an image. */
  readonly layers: readonly string[]
}

/** The argument for Trivy. */
export interface TrivySubject {
  readonly kind: 'layout' | 'directory' | 'sbom'
  readonly path: string
}

export interface ScanTargets {
  readonly targets: readonly ScanTarget[]
  /** Of the whole image; null where the source is not an image. */
  readonly digest: Digest | null
  /** Repository of the image; null where it is not known. */
  readonly image: string | null
  /** For people. */
  readonly name: string
}

import type { KeyObject } from 'node:crypto'

/** Who may have signed an image, and what must be proven about it. */
export interface Policy {
  readonly signers: readonly AllowedSigner[]
  readonly require: Required
}

export type AllowedSigner =
  | { readonly kind: 'key'; readonly key: KeyObject; readonly fingerprint: string }
  | {
      readonly kind: 'identity'
      readonly issuer: string
      /** The whole identity; `*` stands for any text. */
      readonly identity: string
    }

/** null = not required. */
export interface Required {
  readonly signature: boolean
  readonly sbom: boolean
  readonly scan: {
    /** ms; null = of any age. */
    readonly maxAge: number | null
  } | null
  readonly provenance: {
    /** `https://github.com/owner/name` */
    readonly repository: string
    /** `.github/workflows/release.yaml`; null = any. */
    readonly workflow: string | null
  } | null
}

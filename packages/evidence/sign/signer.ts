/** Signs statements, as sigstore bundles in JSON. Throws Failure `signing-failed`. */
export interface Signer {
  /** Who signs, for people: `key SHA256:…`, or the address of the certificate authority. */
  readonly name: string
  sign(statement: Uint8Array): Promise<Uint8Array>
  /** Whether a bundle is this signer's own, with this statement; so that a repeated push adds nothing. */
  isOwn(bundle: Uint8Array, statement: Uint8Array): boolean
}

export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

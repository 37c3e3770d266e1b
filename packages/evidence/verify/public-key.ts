import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** The SHA-256 of a public key in base64, as sigstore bundles name it. */
export function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}

/** Reads a public key in PEM: `cosign.pub`. Throws an Error. */
export function readPublicKey(pem: string): KeyObject {
  if (!/-----BEGIN PUBLIC KEY-----/.test(pem))
    throw new Error('got no public key, expected the text of cosign.pub: PEM with BEGIN PUBLIC KEY')
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw new Error('the public key cannot be read: check that it is whole')
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error(
      'got another kind of public key, expected ECDSA on P-256, as cosign generate-key-pair makes it',
    )
  return key
}

import { createPrivateKey, scryptSync, type KeyObject } from 'node:crypto'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'

const sealed = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/

/**
 * Reads a private key for ECDSA on P-256: `cosign.key` as `cosign generate-key-pair` writes it, with its password, or PKCS#8 in PEM. Throws an
 * Error that holds nothing of the key.
 */
export function readPrivateKey(pem: string, password: string | null): KeyObject {
  const key = load(pem, password)
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('got another kind of key, expected ECDSA on P-256, as cosign generate-key-pair makes it')
  return key
}

function load(pem: string, password: string | null): KeyObject {
  const body = sealed.exec(pem)?.[1]
  if (body !== undefined) return fromDer(open(body, password ?? ''))
  if (!/-----BEGIN (?:EC |ENCRYPTED )?PRIVATE KEY-----/.test(pem))
    throw new Error('got no private key, expected the text of cosign.key, or a private key in PEM (PKCS#8)')
  try {
    return createPrivateKey({
      key: pem,
      format: 'pem',
      ...(password === null ? {} : { passphrase: password }),
    })
  } catch {
    throw new Error('the private key cannot be read: check that it is whole, and its password')
  }
}

function fromDer(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  } catch {
    throw new Error('the private key is not in PKCS#8')
  }
}

/** As go-securesystemslib writes it: scrypt, then NaCl's secretbox. */
interface Sealed {
  readonly kdf?: {
    readonly name?: unknown
    readonly params?: { readonly N?: unknown; readonly r?: unknown; readonly p?: unknown }
    readonly salt?: unknown
  }
  readonly cipher?: { readonly name?: unknown; readonly nonce?: unknown }
  readonly ciphertext?: unknown
}

/** cosign writes 65,536, and 32,768 before version 2. */
const mostCost = 2 ** 20

function open(body: string, password: string): Uint8Array {
  const { kdf, cipher, ciphertext } = parse(body)
  const { N, r, p } = kdf?.params ?? {}
  if (kdf?.name !== 'scrypt' || cipher?.name !== 'nacl/secretbox')
    throw new Error('the private key is sealed in an unknown way, expected scrypt and nacl/secretbox')
  if (!isSmall(N, mostCost) || !isSmall(r, 32) || !isSmall(p, 8))
    throw new Error('the private key asks for more work than cosign does')
  const key = scryptSync(password, bytesOf(kdf.salt), 32, { N, r, p, maxmem: 256 * N * r })
  try {
    return xsalsa20poly1305(key, bytesOf(cipher.nonce)).decrypt(bytesOf(ciphertext))
  } catch {
    throw new Error('the password does not open the private key')
  }
}

function parse(body: string): Sealed {
  try {
    return JSON.parse(Buffer.from(body, 'base64').toString()) as Sealed
  } catch {
    throw new Error('the private key is not whole')
  }
}

function isSmall(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most
}

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(typeof value === 'string' ? value : '', 'base64'))
}

import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { statementType } from '../statement/statement.ts'
import { fingerprint } from '../verify/public-key.ts'
import { preAuthEncoding } from '../statement/envelope.ts'
import { bundleType, type Signer } from './signer.ts'

/** Signs with a private key of our own, offline. `cosign verify --key` reads the bundles. */
export function keySigner(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey)
  const spki = fingerprint(publicKey)
  return {
    name: `key SHA256:${spki}`,
    sign: (statement) => {
      const sig = sign('sha256', preAuthEncoding(statementType, statement), privateKey)
      const bundle = {
        mediaType: bundleType,
        verificationMaterial: { publicKey: { hint: spki } },
        dsseEnvelope: {
          payload: Buffer.from(statement).toString('base64'),
          payloadType: statementType,
          signatures: [{ sig: sig.toString('base64') }],
        },
      }
      return Promise.resolve(new TextEncoder().encode(JSON.stringify(bundle)))
    },
    isOwn: (bundle, statement) => {
      const sig = signatureIn(bundle)
      return sig !== null && verify('sha256', preAuthEncoding(statementType, statement), publicKey, sig)
    },
  }
}

function signatureIn(bundle: Uint8Array): Buffer | null {
  try {
    const { dsseEnvelope } = JSON.parse(new TextDecoder().decode(bundle)) as {
      readonly dsseEnvelope?: { readonly signatures?: readonly { readonly sig?: unknown }[] }
    }
    const sig = dsseEnvelope?.signatures?.[0]?.sig
    return typeof sig === 'string' ? Buffer.from(sig, 'base64') : null
  } catch {
    return null
  }
}

import { verify, type KeyObject } from 'node:crypto'
import { isDigest, type Digest } from '@alt-las/registry'
import { predicateTypes } from '../statement/predicates.ts'
import { objectOf, readStatement, statementType } from '../statement/statement.ts'
import { preAuthEncoding } from '../statement/envelope.ts'
import { fingerprint } from './public-key.ts'
import type { Proof } from './verify-bundle.ts'

/** Layer type of what cosign up to 2 signs, and kyverno and others still read. */
export const simpleSigningType = 'application/vnd.dev.cosign.simplesigning.v1+json'
/** Layer type of cosign's attestations up to 2. */
export const envelopeType = 'application/vnd.dsse.envelope.v1+json'

/** Proves a simple signature by a key; throws an Error. One with a certificate is not read: `cosign sign` 3 writes it as a bundle. */
export function verifySimpleSigning(
  payload: Uint8Array,
  signature: string,
  keys: readonly KeyObject[],
): Proof {
  const sig = Buffer.from(signature, 'base64')
  const key = keys.find((one) => verify('sha256', payload, one, sig))
  if (key === undefined) throw new Error('it is signed with a key that the policy does not name')
  return {
    signer: { kind: 'key', fingerprint: fingerprint(key) },
    statement: {
      subjects: [{ name: '', digest: digestIn(payload) }],
      predicateType: predicateTypes.signature[0],
      predicate: {},
    },
  }
}

function digestIn(payload: Uint8Array): Digest {
  const document = objectOf(JSON.parse(new TextDecoder().decode(payload)), 'the signature')
  const critical = objectOf(document['critical'], 'critical')
  if (critical['type'] !== 'cosign container image signature')
    throw new Error('the signature is not one of a container image')
  const digest = objectOf(critical['image'], 'critical.image')['docker-manifest-digest']
  if (typeof digest !== 'string' || !isDigest(digest)) throw new Error('the signature names no digest')
  return digest
}

/** Proves an attestation of cosign up to 2 by a key; throws an Error. */
export function verifyEnvelope(text: Uint8Array, keys: readonly KeyObject[]): Proof {
  const envelope = objectOf(JSON.parse(new TextDecoder().decode(text)), 'the envelope')
  const { payload, payloadType, signatures } = envelope
  if (payloadType !== statementType || typeof payload !== 'string' || !Array.isArray(signatures))
    throw new Error('the envelope holds no in-toto statement')
  const bytes = new Uint8Array(Buffer.from(payload, 'base64'))
  const covered = preAuthEncoding(statementType, bytes)
  for (const one of signatures.slice(0, 10)) {
    const { sig } = objectOf(one, 'the signature')
    if (typeof sig !== 'string') continue
    const key = keys.find((known) => verify('sha256', covered, known, Buffer.from(sig, 'base64')))
    if (key !== undefined)
      return { signer: { kind: 'key', fingerprint: fingerprint(key) }, statement: readStatement(bytes) }
  }
  throw new Error('it is signed with a key that the policy does not name')
}

import { bundleFromJSON, isBundleWithDsseEnvelope, type Bundle } from '@sigstore/bundle'
import { toSignedEntity, toTrustMaterial, Verifier, type TrustMaterial } from '@sigstore/verify'
import type { KeyObject } from 'node:crypto'
import { readStatement, statementType, type Statement } from '../statement/statement.ts'
import { fingerprint } from './public-key.ts'

/** Who signed, as proven. */
export type SignedBy =
  | { readonly kind: 'key'; readonly fingerprint: string }
  | {
      readonly kind: 'identity'
      /** Who vouches for it: `https://token.actions.githubusercontent.com`. */
      readonly issuer: string
      /** `https://github.com/owner/name/.github/workflows/release.yaml@refs/tags/v1.2.3` */
      readonly identity: string
    }

/** A statement with its proven signer. */
export interface Proof {
  readonly signer: SignedBy
  readonly statement: Statement
}

/** What a signature may be proven by. */
export interface Trust {
  readonly keys: readonly KeyObject[]
  readonly roots: readonly TrustMaterial[]
}

/** Proves a sigstore bundle with a statement in it, offline. Throws an Error that says what is wrong with it. */
export function verifyBundle(json: Uint8Array, trust: Trust): Proof {
  const bundle = bundleFromJSON(JSON.parse(new TextDecoder().decode(json)))
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error('the bundle has no DSSE envelope')
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope
  if (payloadType !== statementType)
    throw new Error(`the envelope holds ${JSON.stringify(payloadType)}, expected ${statementType}`)
  if (signatures.length !== 1)
    throw new Error(`the envelope has ${signatures.length} signatures, expected one`)
  const isKey = bundle.verificationMaterial.content.$case === 'publicKey'
  const signer = isKey ? byKey(bundle, trust.keys) : byCertificate(bundle, trust.roots)
  return { signer, statement: readStatement(payload) }
}

// A known key is the proof; when the log saw it does not matter.
function byKey(bundle: Bundle, keys: readonly KeyObject[]): SignedBy {
  const { content } = bundle.verificationMaterial
  const bare = {
    ...bundle,
    verificationMaterial: { content, tlogEntries: [], timestampVerificationData: undefined },
  } as Bundle
  const entity = toSignedEntity(bare)
  const thresholds = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 }
  for (const key of keys) {
    const material = toTrustMaterial(noAuthorities, () => ({ publicKey: key, validFor: () => true }))
    if (isProven(() => new Verifier(material, thresholds).verify(entity)))
      return { kind: 'key', fingerprint: fingerprint(key) }
  }
  throw new Error('it is signed with a key that the policy does not name')
}

const noAuthorities = {
  mediaType: '',
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
}

function isProven(verify: () => unknown): boolean {
  try {
    verify()
    return true
  } catch {
    return false
  }
}

function byCertificate(bundle: Bundle, roots: readonly TrustMaterial[]): SignedBy {
  let problem = 'no trusted root is known'
  for (const root of roots) {
    try {
      // What a deployment has, its signatures must have: without a log its timestamps are the proof of time.
      const thresholds = {
        ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
        tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
        timestampThreshold: 1,
      }
      const { identity } = new Verifier(root, thresholds).verify(toSignedEntity(bundle))
      const name = identity?.subjectAlternativeName ?? ''
      const issuer = identity?.extensions?.issuer ?? ''
      if (name === '' || issuer === '') throw new Error('its certificate names no identity')
      return { kind: 'identity', issuer, identity: name }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
  }
  throw new Error(`its certificate is not proven: ${problem}`)
}

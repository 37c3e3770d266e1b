import { findReferrers, isDigest, readSmallBlob, type Descriptor, type Digest } from '@alt-las/registry'
import { Failure } from '@alt-las/failure'
import type { Found } from '../policy/judge.ts'
import { objectOf } from '../statement/statement.ts'
import { verifyBundle, type Proof, type Trust } from '../verify/verify-bundle.ts'
import { findSimpleSigning } from './find-simple-signing.ts'
import { mostBundleBytes, type EvidenceSource } from './source.ts'

/** Bundles of one image that are read; whoever may push could add any number. */
const mostBundles = 100

/**
 * Everything beside an image that its signature proves, in the forms of cosign 2 and 3, actions/attest and push-image. Throws a Failure only
 * where the registry does not answer: what is broken or foreign is a sentence.
 */
export async function findProofs(source: EvidenceSource, digest: Digest, trust: Trust): Promise<Found> {
  const referrers = await findReferrers(source, digest)
  const bundles = referrers.filter(({ artifactType }) => mayBeBundle(artifactType))
  const proofs: Proof[] = []
  const unproven: string[] = []
  if (bundles.length > mostBundles)
    unproven.push(`only ${mostBundles} of ${bundles.length} attestations were read`)
  // The newest are listed last where a client appends, which is what all of them do.
  for (const one of bundles.slice(-mostBundles)) {
    const read = await readProof(source, one, trust)
    if (read.kind === 'proof') proofs.push(read.proof)
    else if (read.kind === 'unproven') unproven.push(read.because)
  }
  const simple = await findSimpleSigning(source, digest, trust)
  return { proofs: [...proofs, ...simple.proofs], unproven: [...unproven, ...simple.unproven] }
}

// Some registries do not list the type: then the manifest tells.
function mayBeBundle(artifactType: string | undefined): boolean {
  return (
    artifactType === undefined ||
    artifactType === 'application/vnd.oci.empty.v1+json' ||
    isBundleType(artifactType)
  )
}

export function isBundleType(type: string): boolean {
  return type.startsWith('application/vnd.dev.sigstore.bundle')
}

type Read =
  | { readonly kind: 'proof'; readonly proof: Proof }
  | { readonly kind: 'unproven'; readonly because: string }
  /** Something else, such as an SBOM without a signature. */
  | { readonly kind: 'other' }

async function readProof(source: EvidenceSource, { digest }: Descriptor, trust: Trust): Promise<Read> {
  try {
    const bytes = await readBundle(source, digest)
    return bytes === null ? { kind: 'other' } : { kind: 'proof', proof: verifyBundle(bytes, trust) }
  } catch (error) {
    // A registry that does not answer is no missing signature.
    if (error instanceof Failure && !/^registry-(?:broken|absent)$/.test(error.code)) throw error
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'unproven', because: `${digest.slice(0, 19)} is not proven: ${why.slice(0, 300)}` }
  }
}

/** The bundle in an artifact; null where the artifact holds something else. Throws an Error for a broken one. */
export async function readBundle(
  source: Pick<EvidenceSource, 'name' | 'getManifest' | 'readBlob'>,
  digest: Digest,
): Promise<Uint8Array | null> {
  const found = await source.getManifest(digest)
  if (found === null) throw new Error('the registry lists it, but does not have it')
  const document = objectOf(JSON.parse(new TextDecoder().decode(found.bytes)), 'the manifest')
  const { layers } = document
  if (!Array.isArray(layers) || layers.length !== 1) return null
  const { mediaType, digest: layer, size } = objectOf(layers[0], 'the layer')
  if (typeof mediaType !== 'string' || !isBundleType(mediaType)) return null
  if (typeof layer !== 'string' || !isDigest(layer) || typeof size !== 'number' || !(size >= 0))
    throw new Error('its manifest names no valid layer')
  return readSmallBlob(source, { digest: layer, size }, mostBundleBytes)
}

import { fallbackTag, isDigest, readSmallBlob, type Digest } from '@alt-las/registry'
import { Failure } from '@alt-las/failure'
import type { Found } from '../policy/judge.ts'
import { objectOf } from '../statement/statement.ts'
import {
  envelopeType,
  simpleSigningType,
  verifyEnvelope,
  verifySimpleSigning,
} from '../verify/simple-signing.ts'
import type { Proof, Trust } from '../verify/verify-bundle.ts'
import { mostBundleBytes, type EvidenceSource } from './source.ts'

type Source = Pick<EvidenceSource, 'name' | 'getManifest' | 'readBlob'>

const mostLayers = 100

/** What cosign up to 2 has put under the tags `sha256-<hex>.sig` and `.att`, as far as a key of the policy proves it. */
export async function findSimpleSigning(source: Source, digest: Digest, trust: Trust): Promise<Found> {
  const proofs: Proof[] = []
  const unproven: string[] = []
  if (trust.keys.length === 0) return { proofs, unproven }
  for (const tag of ['.sig', '.att'].map((ending) => `${fallbackTag(digest)}${ending}`)) {
    const found = await source.getManifest(tag)
    if (found === null) continue
    for (const layer of layersIn(found.bytes).slice(0, mostLayers)) {
      try {
        const proof = await proofIn(source, layer, trust)
        if (proof !== null) proofs.push(proof)
      } catch (error) {
        if (error instanceof Failure && !/^registry-(?:broken|absent)$/.test(error.code)) throw error
        const why = error instanceof Error ? error.message : String(error)
        unproven.push(`${tag.slice(0, 19)}… is not proven: ${why.slice(0, 300)}`)
      }
    }
  }
  return { proofs, unproven }
}

function layersIn(manifest: Uint8Array): readonly unknown[] {
  try {
    const { layers } = objectOf(JSON.parse(new TextDecoder().decode(manifest)), 'the manifest')
    return Array.isArray(layers) ? layers : []
  } catch {
    return []
  }
}

async function proofIn(source: Source, value: unknown, { keys }: Trust): Promise<Proof | null> {
  const { mediaType, digest, size, annotations } = objectOf(value, 'the layer')
  if (mediaType !== simpleSigningType && mediaType !== envelopeType) return null
  if (typeof digest !== 'string' || !isDigest(digest) || typeof size !== 'number')
    throw new Error('the layer is not valid')
  const bytes = await readSmallBlob(source, { digest, size }, mostBundleBytes)
  if (mediaType === envelopeType) return verifyEnvelope(bytes, keys)
  const signature = objectOf(annotations ?? {}, 'annotations')['dev.cosignproject.cosign/signature']
  if (typeof signature !== 'string') throw new Error('the layer has no signature')
  return verifySimpleSigning(bytes, signature, keys)
}

import { TrustedRoot } from '@sigstore/protobuf-specs'
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify'
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' }

/** A trusted root: the certificate authorities, logs and timestamp authorities of one sigstore deployment. */
export type { TrustMaterial } from '@sigstore/verify'

const publicGood = 'https://tuf-repo-cdn.sigstore.dev'
const mostRoots = 20

/** The root of sigstore's public instance, as the library was released with it: nothing is fetched. */
export function publicGoodRoot(): TrustMaterial {
  const target = seeds[publicGood].targets['trusted_root.json']
  return materialOf(JSON.parse(Buffer.from(target, 'base64').toString()))
}

/**
 * Trusted roots of a file: one document (`cosign trusted-root create`), or one a line (`gh attestation trusted-root`). Throws an Error that
 * names the problem.
 */
export function readTrustedRoots(text: string): readonly TrustMaterial[] {
  const documents = documentsIn(text)
  if (documents.length === 0) throw new Error('it is empty')
  if (documents.length > mostRoots)
    throw new Error(`it has ${documents.length} roots, expected at most ${mostRoots}`)
  return documents.map(materialOf)
}

function documentsIn(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return lines.map((line): unknown => JSON.parse(line))
  }
}

function materialOf(document: unknown): TrustMaterial {
  const root = TrustedRoot.fromJSON(document)
  if (root.certificateAuthorities.length === 0)
    throw new Error('it names no certificate authority, expected a trusted root of sigstore')
  return toTrustMaterial(root)
}

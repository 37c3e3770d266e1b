import {
  attach,
  digestOf,
  findReferrers,
  type Artifact,
  type Digest,
  type Repository,
} from '@alt-las/registry'
import { bundleType, type Signer } from '../sign/signer.ts'
import { statementType, writeStatement, type Statement } from '../statement/statement.ts'
import { isBundleType, readBundle } from './find-proofs.ts'

/** A statement that lies in the registry beside its image. */
export interface Attached {
  readonly predicateType: string
  /** Of the artifact that holds it. */
  readonly digest: Digest
  readonly how: 'attached' | 'present'
  readonly isSigned: boolean
}

type Target = Parameters<typeof attach>[0] & Pick<Repository, 'readBlob'>

const statementDigest = 'dev.alt-las.statement.digest'

/**
 * Attaches a statement to an image: signed, as a sigstore bundle; without a signer as it is, which is information and no proof. A statement
 * that is there already, by the same key, is not attached again.
 */
export async function attachStatement(
  statement: Statement,
  { subject, signer }: { readonly subject: Artifact['subject']; readonly signer: Signer | null },
  repository: Target,
): Promise<Attached> {
  const bytes = writeStatement(statement)
  const { predicateType } = statement
  const known = await present(bytes, subject.digest, signer, repository)
  const isSigned = signer !== null
  if (known !== null) return { predicateType, digest: known, how: 'present', isSigned }
  const artifact =
    signer === null ? unsigned(bytes, statement) : signed(await signer.sign(bytes), bytes, statement)
  const { digest } = await attach(repository, { ...artifact, subject })
  return { predicateType, digest, how: 'attached', isSigned }
}

function signed(
  bundle: Uint8Array,
  bytes: Uint8Array,
  { predicateType }: Statement,
): Omit<Artifact, 'subject'> {
  return {
    artifactType: bundleType,
    layer: { mediaType: bundleType, bytes: bundle },
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': predicateType,
      [statementDigest]: digestOf(bytes),
    },
  }
}

function unsigned(bytes: Uint8Array, { predicateType }: Statement): Omit<Artifact, 'subject'> {
  return {
    artifactType: statementType,
    layer: { mediaType: statementType, bytes },
    annotations: { 'in-toto.io/predicate-type': predicateType, [statementDigest]: digestOf(bytes) },
  }
}

/** The artifact that holds exactly this statement; null where there is none. An annotation alone is only a claim. */
async function present(
  bytes: Uint8Array,
  subject: Digest,
  signer: Signer | null,
  repository: Target,
): Promise<Digest | null> {
  const wanted = digestOf(bytes)
  const referrers = await findReferrers(repository, subject)
  for (const { digest, artifactType = '', annotations = {} } of referrers) {
    if (annotations[statementDigest] !== wanted) continue
    if (signer === null) {
      if (artifactType === statementType) return digest
    } else if (isBundleType(artifactType)) {
      const bundle = await readBundle(repository, digest).catch(() => null)
      if (bundle !== null && signer.isOwn(bundle, bytes)) return digest
    }
  }
  return null
}

// Evidence beside images: statements, signatures in sigstore's formats, and the policy that decides what they prove.
export { judgePolicy, type Found, type PolicyVerdict } from './policy/judge.ts'
export { parsePolicy } from './policy/parse-policy.ts'
export { type AllowedSigner, type Policy } from './policy/policy.ts'
export { identityToken, type TokenRequest } from './sign/github-token.ts'
export { keySigner } from './sign/key.ts'
export { keylessSigner, type KeylessPorts, type Sigstore } from './sign/keyless.ts'
export { readPrivateKey } from './sign/private-key.ts'
export { bundleType, type Signer } from './sign/signer.ts'
export { kindOf, predicateTypes, type EvidenceKind } from './statement/predicates.ts'
export { provenanceOf, provenanceStatement, type Build, type Material } from './statement/provenance.ts'
export { mostSbomBytes, sbomOf } from './statement/sbom.ts'
export { scanOf, type Scan } from './statement/scan.ts'
export { signatureOf } from './statement/signature.ts'
export {
  readStatement,
  statementType,
  writeStatement,
  type Statement,
  type Subject,
} from './statement/statement.ts'
export { attachStatement, type Attached } from './store/attach-evidence.ts'
export { findProofs } from './store/find-proofs.ts'
export { type EvidenceSource } from './store/source.ts'
export { publicGoodRoot, readTrustedRoots } from './verify/trust.ts'
export { verifyBundle, type Proof, type SignedBy, type Trust } from './verify/verify-bundle.ts'

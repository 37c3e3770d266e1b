/** The kinds of evidence, by the names that a policy uses. */
export const predicateTypes = {
  /** What cosign 3 signs: a statement without content. */
  signature: ['https://sigstore.dev/cosign/sign/v1'],
  provenance: ['https://slsa.dev/provenance/v1'],
  sbom: ['https://spdx.dev/Document', 'https://cyclonedx.org/bom'],
  /** With the field `verdict`, which the specification allows readers to ignore. */
  scan: ['https://in-toto.io/attestation/vulns/v0.1'],
} as const

export type EvidenceKind = keyof typeof predicateTypes

export const evidenceKinds = Object.keys(predicateTypes) as readonly EvidenceKind[]

/** The kind of a predicate type; null for one that no policy can ask for. SBOM types may end in a version: `https://spdx.dev/Document/v2.3`. */
export function kindOf(predicateType: string): EvidenceKind | null {
  return (
    evidenceKinds.find((kind) =>
      predicateTypes[kind].some(
        (type) =>
          predicateType === type ||
          (kind === 'sbom' && new RegExp(`^${escaped(type)}/v[\\d.]{1,8}$`).test(predicateType)),
      ),
    ) ?? null
  )
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.')
}

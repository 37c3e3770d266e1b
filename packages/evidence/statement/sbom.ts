import { objectOf, quoted, type Statement, type Subject } from './statement.ts'

/** Bytes of an SBOM; one of an image with 5,000 packages has some 10 MiB. */
export const mostSbomBytes = 24 * 1024 * 1024

/** An SBOM as Trivy writes it, SPDX or CycloneDX in JSON, as a statement about images. Throws an Error that names the problem. */
export function sbomOf(text: string, subjects: readonly Subject[]): Statement {
  const predicate = objectOf(JSON.parse(text), 'the SBOM')
  const { spdxVersion, bomFormat } = predicate
  if (typeof spdxVersion === 'string' && spdxVersion.startsWith('SPDX-'))
    return { subjects, predicateType: 'https://spdx.dev/Document', predicate }
  if (bomFormat === 'CycloneDX') return { subjects, predicateType: 'https://cyclonedx.org/bom', predicate }
  throw new Error(
    `it has spdxVersion ${quoted(spdxVersion)} and bomFormat ${quoted(bomFormat)}, expected SPDX or CycloneDX in JSON`,
  )
}

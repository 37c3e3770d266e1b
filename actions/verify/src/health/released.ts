import { parseReference, formatReference, type Reference } from '@alt-las/registry'

/** An image that was released, and where it must run. */
export interface Released {
  /** null = wherever this repository is used. */
  readonly workload: string | null
  /** `ghcr.io/alt-las/api-gateway` */
  readonly repository: string
  readonly digest: string
  readonly reference: Reference
}

/** `name@sha256:…` or `workload=name@sha256:…`; throws where the digest is missing, since a tag does not identify an image. */
export function parseReleased(text: string): Released {
  const [, workload, image = ''] = /^(?:([a-z0-9][a-z0-9.-]*)=)?(.*)$/.exec(text) ?? []
  const reference = parseReference(image)
  if (reference.digest === undefined)
    throw new Error(
      `got ${JSON.stringify(text)}, expected an image with its digest, such as ghcr.io/alt-las/api-gateway@sha256:…`,
    )
  return {
    workload: workload ?? null,
    repository: repositoryOf(reference),
    digest: reference.digest,
    reference,
  }
}

export function repositoryOf(reference: Reference): string {
  return formatReference({ registry: reference.registry, repository: reference.repository })
}

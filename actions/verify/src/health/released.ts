import type { ReleasedImage } from '@alt-las/outcome'
import { parseReference, formatReference, type Reference } from '@alt-las/registry'

/** An image that was released, and where it must run. */
export interface Released {
  /** null = wherever this repository is used. */
  readonly workload: string | null
  /** The service of the document that names it; null = given by hand, so that it must run here. */
  readonly service: string | null
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
    service: null,
    repository: formatReference({ registry: reference.registry, repository: reference.repository }),
    digest: reference.digest,
    reference,
  }
}

/** An image that push-image's document names. It runs here where a workload has the service's name, or uses the repository. */
export function releasedBy({ service, image }: ReleasedImage): Released {
  return { ...parseReleased(image), service }
}

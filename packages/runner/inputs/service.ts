import { isDocumentPath, serviceNamePattern } from '@alt-las/outcome'
import type { Parser } from './collect.ts'

/** The input `service`. */
export const serviceName: Parser<string> = (raw) => {
  if (!serviceNamePattern.test(raw))
    throw new Error(
      `got ${JSON.stringify(raw.slice(0, 80))}, expected a name of at most 63 letters, digits, dashes, dots or underscores`,
    )
  return raw
}

export interface ServiceHints {
  /** The input `service`. */
  readonly service?: string | null
  /** An image reference; the last part of its repository is the service. A document's path gives no service. */
  readonly image?: string | null
  /** `web` or `deployment/web`. */
  readonly deployment?: string | null | undefined
}

/** Service of documents that concern all services of a release. */
export const wholeRelease = 'release'

/** Service of the step: `service`, else the last part of the image's name, else the Deployment, else `release`. */
export function chooseService({ service, image, deployment }: ServiceHints): string {
  const hints = [
    service,
    isDocumentPath(image ?? '') ? '' : lastPart(image ?? ''),
    lastPart(deployment ?? ''),
  ].map((hint) => safe(hint ?? ''))
  return hints.find((hint) => hint !== '') ?? wholeRelease
}

/** `ghcr.io/alt-las/web:1.2@sha256:…` to `web`. */
function lastPart(image: string): string {
  const path = image.split('@', 1)[0] ?? ''
  return path.slice(path.lastIndexOf('/') + 1).split(':', 1)[0] ?? ''
}

function safe(name: string): string {
  return serviceNamePattern.test(name) ? name : ''
}

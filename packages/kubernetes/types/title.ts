import type { KubeObject } from './objects.ts'

/** `Deployment atlas-production/api-gateway`. */
export function title({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`
}

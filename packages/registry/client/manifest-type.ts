import { isIndex, isManifest, mediaTypes } from '../descriptor.ts'

/**
 * The type of a manifest: from its own field, else from the header where its shape agrees, else from its shape. Caches and old registries
 * send `application/json`, and some one type for everything. Text that is not a manifest keeps the header's type.
 */
export function manifestType(header: string, bytes: Uint8Array): string {
  const type = header.split(';')[0]?.trim() ?? ''
  try {
    const document = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>> | null
    const own = document?.['mediaType']
    if (typeof own === 'string') return isKnown(own) ? own : type
    const hasImages = Array.isArray(document?.['manifests'])
    const hasLayers = Array.isArray(document?.['layers'])
    // Both, or none of them: nothing to prefer.
    if (hasImages === hasLayers) return type
    const agrees = hasImages ? isIndex(type) : isManifest(type)
    return agrees ? type : hasImages ? mediaTypes.index : mediaTypes.manifest
  } catch {
    return type
  }
}

function isKnown(type: string): boolean {
  return isIndex(type) || isManifest(type)
}

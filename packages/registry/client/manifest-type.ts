import { isIndex, isManifest, mediaTypes } from '../descriptor.ts'

/**
 * The type of a manifest: from the header, else from its own field, else from its shape. Caches and old registries send
 * `application/json`. Text that is not a manifest keeps the header's type.
 */
export function manifestType(header: string, bytes: Uint8Array): string {
  const type = header.split(';')[0]?.trim() ?? ''
  if (isKnown(type)) return type
  try {
    const document = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>> | null
    const own = document?.['mediaType']
    if (typeof own === 'string') return isKnown(own) ? own : type
    if (Array.isArray(document?.['manifests'])) return mediaTypes.index
    return Array.isArray(document?.['layers']) ? mediaTypes.manifest : type
  } catch {
    return type
  }
}

function isKnown(type: string): boolean {
  return isIndex(type) || isManifest(type)
}

import { parseReference, readImageSettings, type Reference, type Repository } from '@alt-las/registry'
import type { ImageReader } from './judge-images.ts'

/** The settings of images from their registries. */
export function registrySettings(
  open: (reference: Reference) => Promise<Pick<Repository, 'name' | 'getManifest' | 'readBlob'>>,
): ImageReader {
  return {
    settingsOf: async (image) => {
      const reference = parseReference(image)
      const { digest, tag = 'latest' } = reference
      return readImageSettings(await open(reference), digest ?? tag)
    },
  }
}

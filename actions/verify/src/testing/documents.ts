import type { ReleasedImage } from '@alt-las/outcome'
import type { Documents } from '../given.ts'

/** Documents of a release with these images, and a load of ten requests per second. */
export function documentsOf(images: readonly ReleasedImage[] = []): Documents {
  return {
    imagesAt: () => images,
    baselineAt: () => ({ rate: 10, p95Ms: 20, p99Ms: 40, targets: [] }),
  }
}

import type { Deployment } from '@alt-las/kubernetes'
import { repositoryIn } from '@alt-las/registry'

/** Stands for an image that is not built yet, until its manifest is known. */
export const unbuilt = `unbuilt.invalid/image@sha256:${'0'.repeat(64)}`

/** The image as the manifest names its repository, so that admission rules about registries judge the right one. */
export function imageToCheck(image: string, { spec }: Deployment, container: string | null): string {
  if (image !== unbuilt) return image
  const { containers } = spec.template.spec
  const own = containers.find(({ name }) => name === container) ?? containers[0]
  const repository = typeof own?.image === 'string' ? repositoryIn(own.image) : null
  return repository === null ? image : image.replace(/^[^@]+/, repository)
}

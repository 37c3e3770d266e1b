import { describe } from '@alt-las/failure'
import type { Pod } from '@alt-las/kubernetes'
import type { ImageSettings } from '@alt-las/registry'
import { isPlainSecret } from '@alt-las/secrets'
import { no, yes, type CheckFinding } from '../../check.ts'

/** The settings and the history of an image, from its registry. `image`: a reference as a pod has it. */
export interface ImageReader {
  settingsOf(image: string): Promise<ImageSettings>
}

const mostImages = 30

/** No image of a running pod has a secret in its environment or in the commands of its layers, which everyone who may pull it can read. */
export async function judgeImages(
  pods: readonly Pod[],
  { images }: { readonly images: ImageReader },
): Promise<CheckFinding> {
  const used = [
    ...new Set(pods.flatMap(({ spec }) => containersOf(spec).map(({ image }) => image))),
  ].toSorted()
  const places: string[] = []
  const notChecked = used.slice(mostImages).map((image) => `history of ${image}: only ${mostImages} are read`)
  for (const image of used.slice(0, mostImages)) {
    try {
      places.push(...secretsIn(await images.settingsOf(image)).map((place) => `${short(image)} ${place}`))
    } catch (error) {
      notChecked.push(`history of ${short(image)}: ${describe(error)}`)
    }
  }
  const more = notChecked.length === 0 ? {} : { notChecked }
  const count = `${Math.min(used.length, mostImages) - notChecked.length} of ${used.length} images`
  if (places.length === 0)
    return { ...yes(`${count} hold no secret in their environment or history`), ...more }
  const remedy = 'build it with `secrets` instead of `build-args` or ENV, and replace the credential'
  return { ...no(`looks like a secret: ${places.slice(0, 5).join(', ')}`), remedy, ...more }
}

function containersOf(spec: Pod['spec']) {
  return [...(spec.initContainers ?? []), ...spec.containers]
}

function secretsIn({ env, history }: ImageSettings): readonly string[] {
  const named = env.filter((one) => isSecret(one)).map((one) => `ENV ${nameOf(one)}`)
  const built = history.flatMap((command, index) =>
    command
      .split(/\s+/)
      .filter(isSecret)
      .map((one) => `layer ${index + 1} ${nameOf(one)}`),
  )
  return [...named, ...built]
}

const isSecret = (assignment: string): boolean => {
  const at = assignment.indexOf('=')
  return (
    isPlainSecret(at < 0 ? '' : nameOf(assignment), at < 0 ? assignment : assignment.slice(at + 1)) !== null
  )
}

/** Of `NAME=value` or `--name=value`; without a value it has no name that could be shown. */
function nameOf(assignment: string): string {
  const name = /^-*([A-Za-z][\w.-]{0,127})=/.exec(assignment)?.[1]
  return name ?? '(a value)'
}

/** `ghcr.io/alt-las/web@sha256:…` without most of its digest. */
const short = (image: string): string => image.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/, '$1')

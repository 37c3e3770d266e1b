import { Failure } from '@alt-las/failure'
import type { Container, Deployment, KubeObject } from '@alt-las/kubernetes'
import type { Strategy } from '@alt-las/rollout'
import { findWorkload } from './find-workload.ts'
import { repositoryIn } from '@alt-las/registry'

export interface Wanted {
  readonly strategy: Strategy
  readonly namespace: string
  /** Name of the workload. */
  readonly deployment: string
  /** null = the only container. */
  readonly container: string | null
  /** `repository@sha256:…`. */
  readonly image: string
}

export interface Desired {
  /** The workload, of whatever kind. */
  readonly deployment: Deployment
  readonly container: string
  /** The other objects of the manifests. */
  readonly others: readonly KubeObject[]
  /** Containers of the workload that keep the image of the manifest: it is of another repository. */
  readonly kept: readonly Pick<Container, 'name' | 'image'>[]
}

/**
 * The workload of the manifests with the image in the named container and in every one of the same repository, init containers included; and
 * its digest in their IMAGE_DIGEST where the manifest has such a variable. Throws Failure `bad-manifests` (fault input) where there is none, it could not be rolled out, or the
 * container is unclear.
 */
export function desiredDeployment(objects: readonly KubeObject[], wanted: Wanted): Desired {
  const found = findWorkload(objects, wanted)
  const container = containerOf(found, wanted)
  const { template } = found.spec
  const repository = repositoryIn(wanted.image)
  const isReleased = (one: Container) =>
    one.name === container ||
    (repository !== null && typeof one.image === 'string' && repositoryIn(one.image) === repository)
  const released = (one: Container) => (isReleased(one) ? withImage(one, wanted.image) : one)
  const { initContainers } = template.spec
  const images = {
    containers: template.spec.containers.map(released),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(released) }),
  }
  const own = [...(initContainers ?? []), ...template.spec.containers]
  const read = own.filter(isReleased).map((one) => digestAnnotations(one, wanted.image))
  const annotations = Object.assign({}, template.metadata?.annotations, ...read) as Record<string, string>
  const noted =
    Object.keys(annotations).length === 0 ? {} : { metadata: { ...template.metadata, annotations } }
  const spec = {
    ...found.spec,
    template: { ...template, ...noted, spec: { ...template.spec, ...images } },
  }
  const metadata = { ...found.metadata, namespace: wanted.namespace }
  return {
    container,
    deployment: { apiVersion: found.apiVersion, kind: found.kind, metadata, spec },
    others: objects.filter((one) => one !== found),
    kept: own.filter((one) => !isReleased(one)).map(({ name, image }) => ({ name, image })),
  }
}

function containerOf(
  { kind, spec }: Deployment,
  { namespace, deployment, container: wanted }: Wanted,
): string {
  const where = `${kind} ${namespace}/${deployment}`
  const names = spec.template.spec.containers.map((one) => one.name)
  const [only] = names
  if (wanted === null && names.length === 1 && only !== undefined) return only
  if (wanted !== null && names.includes(wanted)) return wanted
  throw bad(
    wanted === null ? `${where} has ${names.length} containers` : `${where} has no container ${wanted}`,
    `name one of ${names.join(', ')} in \`container\``,
  )
}

/** IMAGE_DIGEST is filled as the manifest has it: by a value, or by the pod annotation that its fieldRef names. */
function withImage(container: Container, image: string): Container {
  const env = container.env?.map((one) =>
    one.name === digestVariable && one.valueFrom === undefined ? { ...one, value: digestOf(image) } : one,
  )
  return { ...container, image, ...(env === undefined ? {} : { env }) }
}

/** Annotations of the pod template that the container reads its digest from. */
function digestAnnotations({ env }: Container, image: string): Readonly<Record<string, string>> {
  const path = env?.find((one) => one.name === digestVariable)?.valueFrom?.fieldRef?.fieldPath ?? ''
  const key = /^metadata\.annotations\['(.+)'\]$/.exec(path)?.[1]
  return key === undefined ? {} : { [key]: digestOf(image) }
}

const digestVariable = 'IMAGE_DIGEST'
const digestOf = (image: string) => image.slice(image.indexOf('@') + 1)

const bad = (message: string, hint: string) => new Failure('bad-manifests', message, { fault: 'input', hint })

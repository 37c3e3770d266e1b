import { parseAllDocuments } from 'yaml'
import type { Manifest } from '../../../lab/parts/apply.ts'

export interface Place {
  readonly namespace: string
  /** The public host. */
  readonly host: string
}

const beta = { namespace: 'atlas-beta', host: 'beta.alt-las.example.com' }

/** The objects of beta, as `kubectl kustomize` prints them, at another place. */
export function copiedTo({ namespace, host }: Place, text: string): readonly Manifest[] {
  const copied = text.replaceAll(beta.namespace, namespace).replaceAll(beta.host, host)
  return parseAllDocuments(copied).map((document) => document.toJS() as Manifest)
}

/** The digest belongs into the named container, and into the annotation that /version shows, as canary-deploy puts it. */
export function withImages(
  objects: readonly Manifest[],
  digests: Readonly<Record<string, string>>,
): readonly Manifest[] {
  return objects.map((object) => {
    const digest = digests[object.metadata.name]
    return object.kind === 'Deployment' && digest !== undefined ? released(object, digest) : object
  })
}

interface Template {
  readonly metadata: { readonly annotations?: object }
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] }
}

function released(deployment: Manifest, digest: string): Manifest {
  const { name } = deployment.metadata
  const spec = deployment['spec'] as { readonly template: Template }
  const { metadata, spec: pod } = spec.template
  const annotations = { ...metadata.annotations, 'delivery.alt-las.dev/image-digest': digest }
  const containers = pod.containers.map((one) =>
    one.name === name ? { ...one, image: `${one.image}@${digest}` } : one,
  )
  const template = { metadata: { ...metadata, annotations }, spec: { ...pod, containers } }
  return { ...deployment, spec: { ...spec, template } }
}

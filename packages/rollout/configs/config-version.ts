import type { ConfigMap, KubeObject, Metadata, Secret } from '@alt-las/kubernetes'
import { hash } from '../model/hash.ts'
import { manager } from '../model/names.ts'
import type { ConfigVersion } from '../model/plan.ts'

/** The common fields of ConfigMap and Secret. */
export type Config = ConfigMap | Secret

/** On the copies: the workload that they are versions for. */
export const configLabel = 'alt-las.dev/config'

/** On the copies: name, labels and annotations of the original. */
const originAnnotation = 'alt-las.dev/config-of'

export const isConfig = (object: KubeObject): object is Config =>
  object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret')

/** `<name>-<hash of its content>`, at most 253 characters; the same content under the same name is the same version. */
export function versionedName(config: Config): string {
  const { name } = config.metadata
  return `${name.slice(0, longestName).replace(/[-.]+$/, '')}-${hash([config.kind, name, contentOf(config)])}`
}

const longestName = 253 - 1 - 12

export const versionOf = (config: Config): ConfigVersion => ({
  kind: config.kind as ConfigVersion['kind'],
  name: config.metadata.name,
  versioned: versionedName(config),
})

/** The content of a version: keys and values, and the type of a Secret. */
export function contentOf(config: Config) {
  const { data = {} } = asStored(config)
  const { binaryData = {} } = config as ConfigMap
  return config.kind === 'Secret'
    ? { data, type: (config as Secret).type ?? 'Opaque' }
    : { data, ...(Object.keys(binaryData).length === 0 ? {} : { binaryData }) }
}

/** The immutable copy that the version's pods refer to. It names its original, so that a rollback can restore it. */
export function copyOf(config: Config, deployment: string): Config {
  const { name, namespace, labels = {}, annotations = {} } = config.metadata
  const origin = { name, labels, annotations: withoutLarge(annotations) }
  const metadata: Metadata = {
    name: versionedName(config),
    ...(namespace === undefined ? {} : { namespace }),
    labels: { 'app.kubernetes.io/managed-by': manager, [configLabel]: labelFor(deployment) },
    annotations: { [originAnnotation]: JSON.stringify(origin) },
  }
  return { apiVersion: 'v1', kind: config.kind, metadata, ...contentOf(config), immutable: true }
}

/** The object under its plain name again, from its copy. */
export function plainOf(copy: Config, { name }: ConfigVersion): Config {
  const { namespace } = copy.metadata
  const { labels = {}, annotations = {} } = originOf(copy)
  const metadata: Metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
  return { apiVersion: 'v1', kind: copy.kind, metadata, ...contentOf(copy) }
}

function originOf({ metadata }: Config): Partial<Metadata> {
  const text = metadata.annotations?.[originAnnotation]
  return text === undefined ? {} : (JSON.parse(text) as Partial<Metadata>)
}

/** As the API server stores it: `stringData` is a manifest's alternative to base64. */
export function asStored(config: Config): Config {
  const { stringData, ...rest } = config as Secret
  if (stringData === undefined) return config
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } }
}

/** A label has at most 63 characters, a name may have more. */
export const labelFor = (deployment: string): string =>
  deployment.length <= 63 ? deployment : hash(deployment)

// kubectl's copy of the whole object: not the user's, and it contains a Secret's values.
const withoutLarge = (annotations: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  )

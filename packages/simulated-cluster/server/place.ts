import type { At, KubeObject } from '@alt-las/kubernetes'
import { fieldsFit, labelsFit, type Fits } from './select.ts'

const clusterScoped = new Set([
  'Namespace',
  'Node',
  'CustomResourceDefinition',
  'GatewayClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
])

export const isNamespaced = (kind: string): boolean => !clusterScoped.has(kind)

/** Where an object lives, as `get` wants it. */
export function atOf({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** Kind and group: all versions of a group are one. */
export function kindKey({ apiVersion, kind }: Pick<At, 'apiVersion' | 'kind'>): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`
}

export function nameKey({ kind, namespace = 'default', name = '' }: At): string {
  return isNamespaced(kind) ? `${namespace}/${name}` : name
}

/** Whether an object of this kind belongs to a list or watch. */
export function placeFits(at: At): Fits {
  const labels = labelsFit(at.labelSelector)
  const fields = fieldsFit(at.fieldSelector)
  const namespace = isNamespaced(at.kind) ? at.namespace : undefined
  return (object) =>
    (namespace === undefined || (object.metadata.namespace ?? 'default') === namespace) &&
    (at.name === undefined || object.metadata.name === at.name) &&
    labels(object) &&
    fields(object)
}

import type { KubeObject } from '@alt-las/kubernetes'
import { definitionOf } from './definitions.ts'

/** Kinds of Kubernetes and of the Gateway API without a namespace. The API server's own list decides at the apply: this one is for the titles. */
const clusterScoped: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'FlowSchema',
  'GatewayClass',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
])

/** A namespaced object without a namespace gets that of the input. `all`: the manifests, which may define its kind. */
export function inNamespace(
  object: KubeObject,
  namespace: string,
  all: readonly KubeObject[] = [],
): KubeObject {
  const isWide = clusterScoped.has(object.kind) || definitionOf(object.kind, all)?.spec?.scope === 'Cluster'
  if (object.metadata.namespace !== undefined || isWide) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

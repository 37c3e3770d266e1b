import type { KubeObject } from '@alt-las/kubernetes'

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
  const isWide = clusterScoped.has(object.kind) || all.some((one) => definesWide(one, object.kind))
  if (object.metadata.namespace !== undefined || isWide) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

interface Definition extends KubeObject {
  readonly spec?: { readonly scope?: string; readonly names?: { readonly kind?: string } }
}

function definesWide(one: KubeObject, kind: string): boolean {
  const { spec } = one as Definition
  return one.kind === 'CustomResourceDefinition' && spec?.scope === 'Cluster' && spec.names?.kind === kind
}

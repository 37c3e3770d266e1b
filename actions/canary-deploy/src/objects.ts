import { Failure } from '@alt-las/failure'
import type { At, Cluster, KubeObject, Workload } from '@alt-las/kubernetes'
import { covers, title } from './canary-objects.ts'
import { manager } from './names.ts'
import type { ObjectsSight } from './sight.ts'

/** What others need comes first. A kind that is not listed comes between the two groups. */
const first = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'NetworkPolicy',
  'Service',
]
const last = ['StatefulSet', 'DaemonSet', 'Deployment', 'Gateway', 'HTTPRoute']

export function inOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  const rank = ({ kind }: KubeObject) => {
    if (first.includes(kind)) return first.indexOf(kind)
    return first.length + 1 + last.indexOf(kind)
  }
  return [...objects].sort((a, b) => rank(a) - rank(b))
}

/** Server-side apply of what differs; an object that already has all that is wanted is not written. */
export async function applyObjects(
  objects: readonly KubeObject[],
  namespace: string,
  cluster: Cluster,
): Promise<void> {
  for (const object of await differing(objects, namespace, cluster)) await cluster.apply(object, manager)
}

/** The objects that the cluster does not have as they are wanted, in the order in which to apply them. */
export async function differing(
  objects: readonly KubeObject[],
  namespace: string,
  cluster: Cluster,
): Promise<readonly KubeObject[]> {
  const wanted = inOrder(objects).map((object) => inNamespace(object, namespace))
  const live = await Promise.all(wanted.map((object) => cluster.get(at(object))))
  return wanted.filter((object, index) => !covers(live[index], object))
}

/** Whether the workloads among them are rolled out; what is no workload is ready once applied. */
export async function observeObjects(
  objects: readonly KubeObject[],
  namespace: string,
  cluster: Cluster,
): Promise<ObjectsSight> {
  for (const object of objects) {
    if (!['StatefulSet', 'DaemonSet', 'Deployment'].includes(object.kind)) continue
    const found = await cluster.get<Workload>(at(inNamespace(object, namespace)))
    if (found === null) return { kind: 'unapplied' }
    const missing = notRolledOut(found)
    if (missing !== null) return { kind: 'waiting', because: `${title(found)}: ${missing}` }
  }
  return { kind: 'ready' }
}

const clusterScoped = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'PersistentVolume',
  'GatewayClass',
])

/** A namespaced object without a namespace belongs to the input's. Throws where a manifest names none and is of a kind that needs one. */
export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (object.metadata.namespace !== undefined || clusterScoped.has(object.kind)) return object
  if (namespace === '')
    throw new Failure('bad-manifests', `${title(object)} needs a namespace`, { fault: 'input' })
  return { ...object, metadata: { ...object.metadata, namespace } }
}

function at({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function notRolledOut(workload: Workload): string | null {
  const { status, metadata } = workload
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return 'its controller has not seen it yet'
  const [ready, wanted] =
    status !== undefined && 'desiredNumberScheduled' in status
      ? [status.numberReady ?? 0, status.desiredNumberScheduled ?? 0]
      : [readyReplicas(workload), ('replicas' in workload.spec ? workload.spec.replicas : undefined) ?? 1]
  return ready < wanted ? `${String(ready)} of ${String(wanted)} pods are ready` : null
}

function readyReplicas({ status }: Workload): number {
  if (status === undefined || !('readyReplicas' in status)) return 0
  return Math.min(status.readyReplicas ?? 0, 'updatedReplicas' in status ? (status.updatedReplicas ?? 0) : 0)
}

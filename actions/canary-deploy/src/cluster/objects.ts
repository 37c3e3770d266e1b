import type { At, Cluster, KubeObject, Workload } from '@alt-las/kubernetes'
import { lookAt } from '@alt-las/workload-health'
import { manager } from '../names.ts'
import type { ObjectsSight } from '../observe/sight.ts'
import { covers, title } from './canary-objects.ts'

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
export async function applyObjects(objects: readonly KubeObject[], cluster: Cluster): Promise<void> {
  for (const object of await differing(objects, cluster)) await cluster.apply(object, manager)
}

/** The objects that the cluster does not have as they are wanted, in the order in which to apply them. */
export async function differing(
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly KubeObject[]> {
  const wanted = inOrder(objects)
  const live = await Promise.all(wanted.map((object) => cluster.get(at(object))))
  return wanted.filter((object, index) => !covers(live[index], object))
}

/** Whether the workloads among them are rolled out; what is no workload is ready once applied. `now` in ms since 1970. */
export async function observeObjects(
  objects: readonly KubeObject[],
  now: number,
  cluster: Pick<Cluster, 'get' | 'list' | 'log'>,
): Promise<ObjectsSight> {
  for (const object of objects) {
    if (!['StatefulSet', 'DaemonSet', 'Deployment'].includes(object.kind)) continue
    const found = await cluster.get<Workload>(at(object))
    if (found === null) return { kind: 'unapplied' }
    const seen = await lookAt(found, now, cluster)
    if (seen.kind !== 'ready') return { kind: seen.kind, because: `${title(found)}: ${seen.because}` }
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

/** A namespaced object without a namespace belongs to the input's. */
export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (object.metadata.namespace !== undefined || clusterScoped.has(object.kind)) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

function at({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { manager } from '../model/names.ts'
import { at } from '../observe/observe-objects.ts'
import { covers } from './covers.ts'

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

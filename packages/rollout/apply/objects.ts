import { isDeepStrictEqual } from 'node:util'
import { applyManifest, type Cluster, type DryRun, type KubeObject, wouldChange } from '@alt-las/kubernetes'
import { fencingAnnotation, manager } from '../model/names.ts'

/** Kinds that others depend on come first. A kind that is not listed comes between the two groups. */
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

/**
 * Always a server-side apply: only it removes fields that the manifests no longer contain, and it changes nothing without a difference. `changed` is called
 * for each object that its apply has changed.
 */
export async function applyObjects(
  objects: readonly KubeObject[],
  cluster: Cluster,
  changed: (object: KubeObject) => void,
): Promise<void> {
  for (const object of inOrder(objects)) {
    await applyManifest(object, manager, cluster, (before, after) => {
      if (before === null || !isDeepStrictEqual(content(before), content(after))) changed(object)
    })
  }
}

const bookkeeping: ReadonlySet<string> = new Set([
  'resourceVersion',
  'generation',
  'managedFields',
  'annotations',
])

/** Without server fields, controllers' fields, and the fencing token of a run. */
function content(object: KubeObject): readonly unknown[] {
  const without = (fields: object, isOut: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => !isOut(key)))
  const { metadata } = object
  return [
    without(object, (key) => key === 'metadata' || key === 'status'),
    without(metadata, (key) => bookkeeping.has(key)),
    without(metadata.annotations ?? {}, (key) => key === fencingAnnotation),
  ]
}

/** Whether an apply of these objects would change one of them, by the API server's dry run. */
export async function wouldChangeAny(
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'> & DryRun,
): Promise<boolean> {
  const answers = await Promise.all(objects.map((object) => wouldChange(object, manager, cluster)))
  return answers.includes(true)
}

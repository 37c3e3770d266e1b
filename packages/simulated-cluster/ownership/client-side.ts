import type { KubeObject } from '@alt-las/kubernetes'
import { applied } from './managed.ts'

/** An object as `kubectl apply` without `--server-side` leaves it: owned by an update, with the record of what was applied. */
export function clientSideApplied<T extends KubeObject>(object: T): T {
  const record = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) }
  const annotations = { ...object.metadata.annotations, ...record }
  const made = applied(undefined, { ...object, metadata: { ...object.metadata, annotations } }, 'kubectl')
  const managedFields = made.metadata.managedFields?.map((one) => ({
    ...(one as object),
    manager: 'kubectl-client-side-apply',
    operation: 'Update',
  }))
  return { ...made, metadata: { ...made.metadata, managedFields } } as unknown as T
}

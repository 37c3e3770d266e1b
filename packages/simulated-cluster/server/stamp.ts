import type { KubeObject, Metadata } from '@alt-las/kubernetes'
import { equal } from '../values/frozen.ts'
import { isNamespaced } from './place.ts'

// Kinds whose changes the API server does not count.
const uncounted = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'Endpoints',
  'Lease',
  'Event',
  'Namespace',
  'Node',
  'ServiceAccount',
  'HorizontalPodAutoscaler',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'LimitRange',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
])

/** The object as it is stored: with uid, version, birth and generation. */
export function stamped(
  next: KubeObject,
  previous: KubeObject | undefined,
  { version, now }: { readonly version: number; readonly now: string },
): KubeObject {
  const old = previous?.metadata
  const { generation, ...metadata } = next.metadata
  return {
    ...next,
    metadata: {
      ...metadata,
      ...(isNamespaced(next.kind) ? { namespace: next.metadata.namespace ?? 'default' } : {}),
      uid: old?.uid ?? metadata.uid ?? `uid-${version}`,
      creationTimestamp: old?.creationTimestamp ?? metadata.creationTimestamp ?? now,
      resourceVersion: String(version),
      ...generationOf(next, previous, generation),
    },
  }
}

function generationOf(
  next: KubeObject,
  previous: KubeObject | undefined,
  given: number | undefined,
): Pick<Metadata, 'generation'> {
  if (uncounted.has(next.kind)) return given === undefined ? {} : { generation: given }
  if (previous === undefined) return { generation: given ?? 1 }
  const { generation = 0, deletionTimestamp } = previous.metadata
  const ends = deletionTimestamp === undefined && next.metadata.deletionTimestamp !== undefined
  return { generation: generation + (ends || isChanged(next, previous) ? 1 : 0) }
}

/** What is wanted changed: anything but metadata and status. */
function isChanged(next: KubeObject, previous: KubeObject): boolean {
  const keys = new Set([...Object.keys(next), ...Object.keys(previous)])
  const at = (object: KubeObject, key: string) => (object as unknown as Record<string, unknown>)[key]
  return [...keys].some(
    (key) => key !== 'metadata' && key !== 'status' && !equal(at(next, key), at(previous, key)),
  )
}

/** Whether nothing but the status can have changed, at a glance. */
export function isStatusOnly(next: KubeObject, previous: KubeObject): boolean {
  const before = previous as unknown as Readonly<Record<string, unknown>>
  return (
    Object.keys(next).length === Object.keys(previous).length &&
    Object.entries(next).every(([key, value]) => key === 'status' || value === before[key])
  )
}

const given = new Set(['resourceVersion', 'generation', 'uid', 'creationTimestamp', 'namespace'])

const statusOf = (object: KubeObject): unknown => (object as { readonly status?: unknown }).status

/** Whether a write changes nothing at all. */
export function isSame(next: KubeObject, previous: KubeObject): boolean {
  if (next === previous) return true
  if (isStatusOnly(next, previous)) return equal(statusOf(next), statusOf(previous))
  const bare = ({ metadata }: KubeObject) =>
    Object.fromEntries(Object.entries(metadata).filter(([key]) => !given.has(key)))
  return (
    equal({ ...next, metadata: null }, { ...previous, metadata: null }) &&
    (next.metadata === previous.metadata || equal(bare(next), bare(previous)))
  )
}

const droppable = new Set(['data', 'binaryData', 'labels', 'annotations'])

/** Maps that the API server does not keep where nothing is in them. */
export function withoutEmpty(object: KubeObject): KubeObject {
  const isDropped = ([key, value]: readonly [string, unknown]) => droppable.has(key) && equal(value, {})
  const kept = (fields: object) => Object.fromEntries(Object.entries(fields).filter((one) => !isDropped(one)))
  return { ...kept(object), metadata: kept(object.metadata) } as unknown as KubeObject
}

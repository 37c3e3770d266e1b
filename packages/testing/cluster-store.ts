import { Failure } from '@alt-las/failure'
import type { At, KubeObject, Preconditions, Seen } from '@alt-las/kubernetes'
import { equal } from './cluster-patch.ts'
import { mergeApplied } from './cluster-merge.ts'
import { matchesFields, matchesLabels } from './cluster-select.ts'

export type Tell = (seen: Seen<KubeObject>) => void

/** The objects of a cluster with the API server's bookkeeping: versions, uids, generations, managers, owners. */
export interface Store {
  find(at: At): KubeObject | undefined
  select(at: At): readonly KubeObject[]
  all(): readonly KubeObject[]
  /** Stores the whole object; a write that changes nothing changes no version. */
  save(object: KubeObject): KubeObject
  apply(object: KubeObject, manager: string): KubeObject
  /** Removes the object and everything that it owns. */
  drop(at: At, only: Preconditions): void
}

const clusterScoped = new Set(['Namespace', 'Node', 'GatewayClass', 'ClusterRole', 'ClusterRoleBinding'])

export function createStore(tell: Tell, now: () => string): Store {
  const objects = new Map<string, KubeObject>()
  const managers = new Map<string, Map<string, KubeObject>>()
  let version = 100

  const save = (next: KubeObject): KubeObject => {
    const key = keyOf(atOf(next))
    const previous = objects.get(key)
    if (previous !== undefined && equal(content(next), content(previous))) return previous
    version += 1
    const stored = stamped(next, previous, version, now())
    objects.set(key, stored)
    tell({ type: previous === undefined ? 'added' : 'modified', object: structuredClone(stored) })
    return stored
  }

  const drop = (key: string): void => {
    const object = objects.get(key)
    if (object === undefined) return
    version += 1
    objects.delete(key)
    managers.delete(key)
    tell({ type: 'deleted', object: structuredClone(object) })
    const isOwned = (one: KubeObject) =>
      one.metadata.ownerReferences?.some((owner) => owner.uid === object.metadata.uid) === true
    for (const [owned, one] of [...objects]) if (isOwned(one)) drop(owned)
  }

  return {
    find: (at) => objects.get(keyOf(at)),
    select: (at) => [...objects.values()].filter((one) => isAt(one, at)),
    all: () => [...objects.values()],
    save,
    apply: (object, manager) => {
      const key = keyOf(atOf(object))
      const previous = objects.get(key)
      checkVersion(object.metadata, previous)
      const claims = managers.get(key) ?? new Map<string, KubeObject>()
      managers.set(key, claims)
      const others = [...claims].filter(([name]) => name !== manager).map(([, one]) => one)
      const metadata = without(object.metadata, ['resourceVersion', 'uid'])
      const applied = { ...structuredClone(object), metadata } as KubeObject
      const before = claims.get(manager)
      claims.set(manager, applied)
      const merged = mergeApplied(previous ?? {}, { applied, before, others }) as KubeObject
      const managedFields = [...claims.keys()].map((name) => ({ manager: name, operation: 'Apply' }))
      return save({ ...merged, metadata: { ...merged.metadata, managedFields } })
    },
    drop: (at, only) => {
      const previous = objects.get(keyOf(at))
      if (previous === undefined) return
      checkVersion(only, previous)
      drop(keyOf(at))
    },
  }
}

/** Where an object lives, as `get` wants it. */
export function atOf(object: KubeObject): At {
  const { name, namespace } = object.metadata
  const { apiVersion, kind } = object
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function keyOf(at: At): string {
  const group = at.apiVersion.includes('/') ? (at.apiVersion.split('/')[0] ?? '') : ''
  return [group, at.kind, clusterScoped.has(at.kind) ? '' : (at.namespace ?? 'default'), at.name].join('|')
}

function isAt(object: KubeObject, at: At): boolean {
  if (keyOf({ ...atOf(object), name: '', namespace: '' }) !== keyOf({ ...at, name: '', namespace: '' }))
    return false
  const elsewhere = at.namespace !== undefined && (object.metadata.namespace ?? 'default') !== at.namespace
  if (elsewhere && !clusterScoped.has(at.kind)) return false
  if (at.name !== undefined && at.name !== object.metadata.name) return false
  return matchesLabels(object, at.labelSelector) && matchesFields(object, at.fieldSelector)
}

function stamped(
  next: KubeObject,
  previous: KubeObject | undefined,
  version: number,
  now: string,
): KubeObject {
  const old = previous?.metadata
  const changed = previous === undefined || !equal(desired(next), desired(previous))
  return {
    ...structuredClone(next),
    metadata: {
      ...next.metadata,
      ...(clusterScoped.has(next.kind) ? {} : { namespace: next.metadata.namespace ?? 'default' }),
      uid: old?.uid ?? next.metadata.uid ?? `uid-${String(version)}`,
      creationTimestamp: old?.creationTimestamp ?? next.metadata.creationTimestamp ?? now,
      resourceVersion: String(version),
      generation: (old?.generation ?? 0) + (changed ? 1 : 0),
    },
  }
}

// What counts as a change: everything but the bookkeeping; and as a new generation: neither metadata nor status.
const bookkeeping = ['resourceVersion', 'generation', 'uid', 'creationTimestamp', 'managedFields']

function content(object: KubeObject): unknown {
  const { namespace = 'default' } = object.metadata
  return { ...object, metadata: { ...without(object.metadata, bookkeeping), namespace } }
}

function without(fields: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

function desired(object: KubeObject): unknown {
  return { ...object, metadata: null, status: null }
}

function checkVersion(only: Preconditions, previous: KubeObject | undefined): void {
  const { uid, resourceVersion } = only
  if (uid === undefined && resourceVersion === undefined) return
  const differs =
    previous === undefined ||
    (uid !== undefined && uid !== previous.metadata.uid) ||
    (resourceVersion !== undefined && resourceVersion !== previous.metadata.resourceVersion)
  if (differs) throw new Failure('conflict', 'the object has been modified by another', { fault: 'outside' })
}

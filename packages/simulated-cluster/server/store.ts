import { Failure } from '@alt-las/failure'
import type { At, JsonPatch, KubeObject, Pod, Preconditions, WatchEvent } from '@alt-las/kubernetes'
import { frozen } from '../values/frozen.ts'
import { applied, updated } from '../ownership/managed.ts'
import { applyJsonPatch } from './patch.ts'
import { atOf, isNamespaced, kindKey, nameKey, placeFits } from './place.ts'
import { checkRules } from './rules.ts'
import { isSame, isStatusOnly, stamped, withoutEmpty } from './stamp.ts'

/** `previous`: what the object was, for watches whose selector it has left or entered. */
export type Notify = (seen: WatchEvent<KubeObject>, previous: KubeObject | undefined) => void

type Kinds = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>

/** All that an API server remembers: frozen, shared, never changed. */
export interface StoreState {
  readonly version: number
  readonly kinds: Kinds
}

export interface StoreOptions {
  readonly notify: Notify
  /** ISO 8601. */
  readonly now: () => string
  readonly from?: StoreState
  /** Removed objects go through the API server's motions (grace, finalizers), and what they own is left to the collector. Default false. */
  readonly graceful?: boolean
  /** What the API server fills in. */
  readonly complete?: (object: KubeObject) => KubeObject
}

/** The objects of a cluster with the API server's bookkeeping: versions, uids, generations, managers, owners, rules. */
export interface Store {
  find(at: At): KubeObject | undefined
  select(at: At): readonly KubeObject[]
  all(kind?: string): readonly KubeObject[]
  /** Stores the whole object as a controller does; a write that changes nothing changes no version. */
  save(object: KubeObject): KubeObject
  apply(object: KubeObject, manager: string): KubeObject
  /** The object as an apply would store it; nothing is stored, and no watch gets an event. */
  dryRun(object: KubeObject, manager: string): KubeObject
  patch(at: At, operations: readonly JsonPatch[], manager: string): KubeObject
  remove(at: At, only: Preconditions): void
  /** Removes it at once, with the objects that it owns if no garbage collector runs. */
  erase(at: At): void
  version(): number
  /** The version of the last write to a kind; without one: of the last birth or death of anything. */
  changed(kind?: string): number
  state(): StoreState
  /** What was so many writes ago, as far as is remembered. */
  past(writes: number): StoreState
}

interface Undo {
  /** Before this write. */
  readonly version: number
  readonly kind: string
  readonly name: string
  readonly previous: KubeObject | undefined
}

const remembered = 400

export function createStore(options: StoreOptions): Store {
  const { notify, now, graceful = false, complete = (object) => object } = options
  const kinds = new Map(options.from?.kinds)
  // The kinds whose map this store has made since it last gave its state away.
  const own = new Set<string>()
  const changes = new Map<string, number>()
  const undo: Undo[] = []
  let version = options.from?.version ?? 100

  const find = (at: At) => kinds.get(kindKey(at))?.get(nameKey(at))
  const state = (): StoreState => {
    own.clear()
    return { version, kinds: new Map(kinds) }
  }
  const mapOf = (kind: string): Map<string, KubeObject> => {
    const found = kinds.get(kind)
    if (found !== undefined && own.has(kind)) return found as Map<string, KubeObject>
    const copy = new Map(found)
    kinds.set(kind, copy)
    own.add(kind)
    return copy
  }
  const before = (at: At, previous: KubeObject | undefined): void => {
    undo.push({ version, kind: kindKey(at), name: nameKey(at), previous })
    if (undo.length > remembered) undo.shift()
    version += 1
    changes.set(at.kind, version)
  }
  const store = (next: KubeObject, previous: KubeObject | undefined): KubeObject => {
    if (previous !== undefined && isSame(next, previous)) return previous
    before(atOf(next), previous)
    if (previous === undefined) changes.set('', version)
    const stored = frozen(stamped(next, previous, { version, now: now() }))
    mapOf(kindKey(stored)).set(nameKey(atOf(stored)), stored)
    notify({ type: previous === undefined ? 'added' : 'modified', object: stored }, previous)
    return stored
  }
  const erase = (at: At): void => {
    const object = find(at)
    if (object === undefined) return
    before(at, object)
    changes.set('', version)
    mapOf(kindKey(at)).delete(nameKey(at))
    const metadata = { ...object.metadata, resourceVersion: String(version) }
    notify({ type: 'deleted', object: frozen({ ...object, metadata }) }, object)
    if (!graceful) for (const one of ownedBy(object.metadata.uid, kinds)) erase(atOf(one))
  }
  const admitted = (next: KubeObject, previous: KubeObject | undefined): KubeObject => {
    const { status } = (previous ?? {}) as { readonly status?: unknown }
    const whole = complete({ ...next, status } as KubeObject)
    checkRules(whole, previous)
    return whole
  }
  const merged = (object: KubeObject, manager: string, previous: KubeObject | undefined): KubeObject => {
    if (graceful) checkNamespace(object, find)
    const { uid, resourceVersion } = object.metadata
    // A version alone locks only what is there: the API server creates an absent object whatever version it is told.
    if (previous === undefined && uid !== undefined) throw modified()
    if (previous !== undefined) checkIdentity({ uid, resourceVersion }, previous)
    return withoutEmpty(applied(previous, frozen(object), manager))
  }
  /** A write by the API: checked against the rules, without status; done for good where the last finalizer went. */
  const write = (next: KubeObject, previous: KubeObject | undefined): KubeObject => {
    const stored = store(admitted(next, previous), previous)
    const { deletionTimestamp, finalizers = [] } = stored.metadata
    if (deletionTimestamp !== undefined && stored.kind !== 'Pod' && finalizers.length === 0)
      erase(atOf(stored))
    return stored
  }

  return {
    find,
    select: (at) => {
      const fits = placeFits(at)
      const found = [...(kinds.get(kindKey(at))?.values() ?? [])].filter(fits)
      return found.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
    },
    all: (kind = '') => {
      const found: KubeObject[] = []
      for (const [key, objects] of kinds) {
        if (kind === '' || key === kind || key.startsWith(`${kind}.`)) found.push(...objects.values())
      }
      return found
    },
    save: (object) => {
      const previous = find(atOf(object))
      const isOwned =
        previous !== undefined && object.metadata.managedFields === previous.metadata.managedFields
      return store(
        isOwned && !isStatusOnly(object, previous) ? updated(previous, object, null) : object,
        previous,
      )
    },
    apply: (object, manager) => {
      const previous = find(atOf(object))
      return write(merged(object, manager, previous), previous)
    },
    dryRun: (object, manager) => {
      const previous = find(atOf(object))
      const next = admitted(merged(object, manager, previous), previous)
      return previous !== undefined && isSame(next, previous)
        ? previous
        : frozen(unstored(next, previous, now()))
    },
    patch: (at, operations, manager) => {
      const previous = find(at)
      if (previous === undefined) throw missing(at)
      const next = applyJsonPatch(previous, frozen(operations))
      const { uid, resourceVersion = '' } = next.metadata
      checkIdentity({ uid, resourceVersion }, previous)
      return write(updated(previous, withoutEmpty(next), manager), previous)
    },
    remove: (at, only) => {
      const object = find(at)
      if (object === undefined) return
      checkPreconditions(only, object)
      const { finalizers = [], deletionTimestamp } = object.metadata
      if (!graceful || (object.kind !== 'Pod' && finalizers.length === 0)) erase(at)
      else if (deletionTimestamp === undefined) store(ending(object, now()), object)
    },
    erase,
    version: () => version,
    changed: (kind = '') => changes.get(kind) ?? 0,
    state,
    past: (writes) => undone(state(), undo.slice(-Math.max(1, writes))),
  }
}

/** The answer of a dry run: the version is that of what is there, and none where nothing is. */
function unstored(next: KubeObject, previous: KubeObject | undefined, now: string): KubeObject {
  const { metadata, ...rest } = stamped(next, previous, { version: 0, now })
  const bare = Object.entries(metadata).filter(([key]) => key !== 'resourceVersion')
  const version =
    previous === undefined ? [] : [['resourceVersion', previous.metadata.resourceVersion] as const]
  return { ...rest, metadata: Object.fromEntries([...bare, ...version]) } as unknown as KubeObject
}

// The order of the server's lists.
const orderOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

function undone(state: StoreState, undo: readonly Undo[]): StoreState {
  const kinds = new Map(state.kinds)
  for (const { kind, name, previous } of undo.toReversed()) {
    const objects = new Map(kinds.get(kind))
    if (previous === undefined) objects.delete(name)
    else objects.set(name, previous)
    kinds.set(kind, objects)
  }
  return { version: undo[0]?.version ?? state.version, kinds }
}

function ownedBy(uid: string | undefined, kinds: Kinds): readonly KubeObject[] {
  return [...kinds.values()].flatMap((objects) =>
    [...objects.values()].filter((one) => one.metadata.ownerReferences?.some((owner) => owner.uid === uid)),
  )
}

function ending(object: KubeObject, now: string): KubeObject {
  const { terminationGracePeriodSeconds = 30 } = (object as Partial<Pod>).spec ?? {}
  const deletionGracePeriodSeconds = object.kind === 'Pod' ? terminationGracePeriodSeconds : 0
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: now, deletionGracePeriodSeconds } }
}

function checkNamespace({ kind, metadata }: KubeObject, find: Store['find']): void {
  const name = metadata.namespace ?? 'default'
  if (!isNamespaced(kind) || name === 'default') return
  if (find({ apiVersion: 'v1', kind: 'Namespace', name }) === undefined)
    throw new Failure('not-found', `namespaces "${name}" not found`, { fault: 'outside' })
}

interface Identity {
  readonly uid: string | undefined
  readonly resourceVersion: string | undefined
}

/** What is written must be the very object: the version is looked at first, and a uid never changes. */
function checkIdentity({ uid, resourceVersion }: Identity, { metadata }: KubeObject): void {
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) throw modified()
  if (uid === undefined || uid === metadata.uid) return
  throw new Failure('invalid', `metadata.uid: Invalid value: "${uid}": field is immutable`, {
    fault: 'input',
  })
}

function checkPreconditions({ uid, resourceVersion }: Preconditions, { metadata }: KubeObject): void {
  const differs =
    (uid !== undefined && uid !== metadata.uid) ||
    (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
  if (differs) throw modified()
}

const modified = () =>
  new Failure('conflict', 'the object has been modified by another', { fault: 'outside' })

const missing = (at: At) =>
  new Failure('not-found', `${at.kind} ${at.namespace ?? ''}/${at.name ?? ''} does not exist`, {
    fault: 'outside',
  })

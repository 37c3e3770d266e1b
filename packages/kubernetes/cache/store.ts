import type { At, WatchEvent } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { isAmong } from './coverage.ts'

/** The objects at one place as a watch and the answers to our own calls report them. The newest version of each counts. */
export interface Store {
  /** Takes an event of the watch; false if the store has a newer object. */
  observe(seen: WatchEvent<KubeObject>): boolean
  /** Takes an object that the server has answered. */
  put(object: KubeObject): void
  /** The server has answered that this object is gone. */
  missing(object: KubeObject): void
  find(at: At): KubeObject | null
  /** In the order of the server's lists. */
  list(asked: At): readonly KubeObject[]
}

interface Known {
  readonly version: string
  /** null: deleted, or no longer selected. */
  readonly object: KubeObject | null
}

export function createStore(at: At): Store {
  const known = new Map<string, Known>()
  // A uid never comes back: later events of the watch about it are old.
  const gone = new Set<string>()
  const take = (object: KubeObject): boolean => {
    const { uid, resourceVersion: version = '0' } = object.metadata
    const before = known.get(keyOf(object.metadata))
    if (uid !== undefined && gone.has(uid)) return false
    if (before !== undefined && !isNewer(version, before.version)) return false
    known.set(keyOf(object.metadata), { version, object: isAmong(at, object) ? object : null })
    return true
  }
  return {
    observe: ({ type, object }) => {
      if (type !== 'deleted') return take(object)
      const { resourceVersion: version = '0' } = object.metadata
      const before = known.get(keyOf(object.metadata))
      // An object that was written after the deletion is a new one.
      if (before !== undefined && isNewer(before.version, version)) return false
      known.set(keyOf(object.metadata), { version, object: null })
      return before?.object !== null
    },
    put: (object) => void take(object),
    missing: ({ metadata }) => {
      if (metadata.uid !== undefined) gone.add(metadata.uid)
      const now = known.get(keyOf(metadata))
      if (now?.object?.metadata.uid === metadata.uid)
        known.set(keyOf(metadata), { version: now?.version ?? '0', object: null })
    },
    find: (asked) => known.get(keyOf(asked))?.object ?? null,
    list: (asked) =>
      [...known]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([, { object }]) => (object !== null && isAmong(asked, object) ? [object] : [])),
  }
}

/** Versions are decimal numbers of any length, and grow with every write to the API server. */
export function isNewer(version: string, than: string): boolean {
  return version.length === than.length ? version > than : version.length > than.length
}

const keyOf = ({ namespace, name }: Pick<At, 'namespace' | 'name'>): string =>
  `${namespace ?? ''}/${name ?? ''}`

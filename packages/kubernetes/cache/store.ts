import type { At, Seen } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { isAmong } from './coverage.ts'

/** What is known of the objects at one place, from a watch and from the answers to our own calls: the newest word counts. */
export interface Copy {
  /** A word of the watch; false where something newer is known already. */
  told(seen: Seen<KubeObject>): boolean
  /** An answer of the server that shows the object. */
  put(object: KubeObject): void
  /** An answer of the server that this object of the copy is no longer there. */
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

export function createCopy(at: At): Copy {
  const known = new Map<string, Known>()
  // A uid never comes back: what the watch still tells of it is old.
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
    told: ({ type, object }) => {
      if (type !== 'deleted') return take(object)
      const { resourceVersion: version = '0' } = object.metadata
      const before = known.get(keyOf(object.metadata))
      // What was written after a deletion lives.
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

/** Versions are decimal numbers of any length, and grow with every write to the store. */
export function isNewer(version: string, than: string): boolean {
  return version.length === than.length ? version > than : version.length > than.length
}

const keyOf = ({ namespace, name }: Pick<At, 'namespace' | 'name'>): string =>
  `${namespace ?? ''}/${name ?? ''}`

import type { Clock } from '@alt-las/time'
import { createBell } from './auto-reset-event.ts'
import type { At, Cluster, JsonPatch, Limit } from '../types/cluster.ts'
import type { Copy } from './store.ts'
import { createPlace, isFresh, settle, watcher } from './informer.ts'
import type { KubeObject } from '../types/objects.ts'
import { atOf } from '../client/paths.ts'
import { covers, mayHold } from './coverage.ts'

/** A cluster whose watched part is answered out of local copies. Their objects are shared: nobody may change them. */
export interface Mirrored extends Cluster {
  /**
   * Resolves as soon as something that is watched has changed since this resolved the last time (an own write may count), else after
   * `timeoutMs`; after a second at most where a watch is broken. Rejects with the signal's reason.
   */
  changed(timeoutMs: number, signal?: AbortSignal): Promise<void>
  /** Whether `at` would be answered out of a copy now. */
  synced(at: At): boolean
  /** Ends the watches; from then on everything is read through. */
  close(): void
}

export interface MirrorOptions {
  readonly clock: Clock
  /** Told when a place cannot be watched and is read through instead. */
  readonly tell?: (line: string) => void
}

const blindMs = 1000

/**
 * Reads of what is `watched` (the same place, or less of it) come from copies, each kept by a watch that begins with the first read; all
 * else passes through. An own write is seen at once. Where a watch is missing or silent for a minute, the API server is asked as if there
 * was no mirror; `tell` hears why.
 */
export function mirrored(cluster: Cluster, watched: readonly At[], options: MirrorOptions): Mirrored {
  const { clock, tell = () => undefined } = options
  const stop = new AbortController()
  const bell = createBell()
  const places = watched.map(createPlace)
  const begin = watcher(cluster, { clock, tell, stop: stop.signal, ring: bell.ring })

  const copyFor = async (asked: At): Promise<Copy | null> => {
    const place = places.find(({ at }) => covers(at, asked))
    if (place === undefined) return null
    begin(place)
    if (place.watch?.heardAt === null) await place.watch.ready
    if (!isFresh(place, clock)) return null
    await settle(place, cluster)
    return place.watch?.copy ?? null
  }
  const learn = <T extends KubeObject>(object: T): T => {
    for (const { at, watch } of places) if (mayHold(at, atOf(object))) watch?.copy.put(object)
    return object
  }
  const doubt = (at: At) => {
    for (const place of places) if (mayHold(place.at, at)) place.doubts.add({ at })
  }
  const write = async <T>(at: At, deed: () => Promise<T>): Promise<T> => {
    try {
      return await deed()
    } catch (error) {
      // It may have been done, or refused because the copy is behind.
      doubt(at)
      throw error
    }
  }

  return {
    get: async <T extends KubeObject>(at: At) => {
      const copy = await copyFor(at)
      if (copy !== null) return copy.find(at) as T | null
      const found = await cluster.get<T>(at)
      return found === null ? null : learn(found)
    },
    list: async <T extends KubeObject>(at: At) => {
      const copy = await copyFor(at)
      return copy === null ? (await cluster.list<T>(at)).map(learn) : (copy.list(at) as readonly T[])
    },
    apply: async <T extends KubeObject>(object: T, manager: string, limit?: Limit) =>
      learn(await write(atOf(object), () => cluster.apply(object, manager, limit))),
    patch: async <T extends KubeObject>(at: At, operations: readonly JsonPatch[], limit?: Limit) =>
      learn(await write(at, () => cluster.patch<T>(at, operations, limit))),
    remove: async (at, only, limit) => {
      await write(at, () => cluster.remove(at, only, limit))
      // Accepted is not gone: a pod, or what has finalizers, stays for a while.
      doubt(at)
    },
    watch: (at, signal) => cluster.watch(at, signal),
    may: (permissions) => cluster.may(permissions),
    log: (at, wanted) => cluster.log(at, wanted),
    changed: (timeoutMs, signal) => {
      const blind = places.some((place) => place.begun && !isFresh(place, clock))
      return bell.heard(blind ? Math.min(timeoutMs, blindMs) : timeoutMs, { clock, signal })
    },
    synced: (at) => {
      const place = places.find((one) => covers(one.at, at))
      return place !== undefined && isFresh(place, clock)
    },
    close: () => {
      stop.abort()
    },
  }
}

import type { Clock } from '@alt-las/time'
import { atOf } from '../client/paths.ts'
import type { At, Cluster, JsonPatch, Limit } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { type AutoResetEvent, createAutoResetEvent } from './auto-reset-event.ts'
import { covers, isAmong, mayHold } from './coverage.ts'
import { createInformer, isFresh, resolveDoubts, starter } from './informer.ts'
import type { Store } from './store.ts'

/** A cluster that answers reads of watched places from memory. These objects are shared and must not be changed. */
export interface CachedCluster extends Cluster {
  /**
   * Resolves as soon as a watched object has changed since this resolved the last time (an own write may count), else after
   * `timeoutMs`; after a second at most where a watch is broken. Rejects with the signal's reason.
   */
  changed(timeoutMs: number, signal?: AbortSignal): Promise<void>
  /** Whether a read of `at` would be answered from memory now. */
  synced(at: At): boolean
  /** Ends the watches; from then on every read goes to the API server. */
  close(): void
}

export interface CacheOptions {
  readonly clock: Clock
  /** Receives a line when a place cannot be watched and every read of it goes to the API server. */
  readonly log?: (line: string) => void
}

/** One cache for several users: each place is watched once, and each user is told of changes in its own places only. */
export interface SharedCache {
  /** Closing a part changes nothing. */
  part(places: readonly At[]): CachedCluster
  close(): void
}

const blindMs = 1000

/**
 * Lists and watches each of the `watched` places from its first read on, and answers reads of them, or of parts of them, from memory. Own
 * writes are visible at once. Everything else goes to the API server, and so does a read of a place whose watch is missing or has been silent
 * for a minute.
 */
export function cached(cluster: Cluster, watched: readonly At[], options: CacheOptions): CachedCluster {
  const shared = sharedCache(cluster, watched, options)
  return { ...shared.part(watched), close: shared.close }
}

/** The same for several users. */
export function sharedCache(cluster: Cluster, watched: readonly At[], options: CacheOptions): SharedCache {
  const { clock, log = () => undefined } = options
  const stop = new AbortController()
  const parts: Part[] = []
  const informers = watched.map(createInformer)
  const changed = (object: KubeObject | null) => {
    for (const { places, change } of parts) if (object === null || isIn(places, object)) change.set()
  }
  const start = starter(cluster, { clock, log, stop: stop.signal, changed })

  const storeFor = async (asked: At): Promise<Store | null> => {
    const informer = informers.find(({ at }) => covers(at, asked))
    if (informer === undefined) return null
    start(informer)
    if (informer.watch?.heardAt === null) await informer.watch.ready
    if (!isFresh(informer, clock)) return null
    await resolveDoubts(informer, cluster)
    return informer.watch?.store ?? null
  }
  const learn = <T extends KubeObject>(object: T): T => {
    for (const { at, watch } of informers) if (mayHold(at, atOf(object))) watch?.store.put(object)
    return object
  }
  const doubt = (at: At) => {
    for (const informer of informers) if (mayHold(informer.at, at)) informer.doubts.add({ at })
  }
  const write = async <T>(at: At, operation: () => Promise<T>): Promise<T> => {
    try {
      return await operation()
    } catch (error) {
      // The write may have been done, or refused because the store is behind.
      doubt(at)
      throw error
    }
  }

  const reader: Omit<CachedCluster, 'changed' | 'close'> = {
    get: async <T extends KubeObject>(at: At) => {
      const store = await storeFor(at)
      if (store !== null) return store.find(at) as T | null
      const found = await cluster.get<T>(at)
      return found === null ? null : learn(found)
    },
    list: async <T extends KubeObject>(at: At) => {
      const store = await storeFor(at)
      return store === null ? (await cluster.list<T>(at)).map(learn) : (store.list(at) as readonly T[])
    },
    apply: async <T extends KubeObject>(object: T, manager: string, limit?: Limit) =>
      learn(await write(atOf(object), () => cluster.apply(object, manager, limit))),
    patch: async <T extends KubeObject>(at: At, operations: readonly JsonPatch[], limit?: Limit) =>
      learn(await write(at, () => cluster.patch<T>(at, operations, limit))),
    remove: async (at, only, limit) => {
      await write(at, () => cluster.remove(at, only, limit))
      // An accepted deletion may take time: a pod, or an object with finalizers, stays for a while.
      doubt(at)
    },
    watch: (at, signal) => cluster.watch(at, signal),
    may: (permissions) => cluster.may(permissions),
    log: (at, wanted) => cluster.log(at, wanted),
    synced: (at) => {
      const informer = informers.find((one) => covers(one.at, at))
      return informer !== undefined && isFresh(informer, clock)
    },
  }
  return {
    part: (places) => {
      const change = createAutoResetEvent()
      parts.push({ places, change })
      return {
        ...reader,
        changed: (timeoutMs, signal) => {
          const blind = informers.some((informer) => informer.begun && !isFresh(informer, clock))
          return change.wait(blind ? Math.min(timeoutMs, blindMs) : timeoutMs, { clock, signal })
        },
        close: () => undefined,
      }
    },
    close: () => {
      stop.abort()
    },
  }
}

interface Part {
  readonly places: readonly At[]
  readonly change: AutoResetEvent
}

const isIn = (places: readonly At[], object: KubeObject): boolean =>
  places.some((place) => mayHold(place, atOf(object)) && isAmong(place, object))

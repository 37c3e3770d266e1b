import { Failure, describe } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { atOf, describeAt } from '../client/paths.ts'
import type { At, Cluster } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { createStore, type Store } from './store.ts'

/** Lists and watches one place into a store. */
export interface Informer {
  readonly at: At
  /** True after the first read. */
  begun: boolean
  /** null while no watch runs. */
  watch: Watch | null
  /** Earliest start of the next watch, in elapsed ms. */
  notBefore: number
  /** Objects that may be outdated in the store, since a failed write of ours may have been done. */
  readonly doubts: Set<{ readonly at: At }>
}

interface Watch {
  readonly store: Store
  /** Settles when the first list is in the store, or the watch has ended. */
  readonly ready: Promise<void>
  /** Elapsed ms up to which the store is complete; null until the first list is in it. */
  heardAt: number | null
  /** The connection broke, and no event has arrived since. */
  lost: boolean
}

/** The store answers reads no longer than this after the last sign of life of its watch. */
const freshMs = 60_000
const againMs = 10_000

export const createInformer = (at: At): Informer => ({
  at,
  begun: false,
  watch: null,
  notBefore: 0,
  doubts: new Set(),
})

export function isFresh({ watch }: Informer, clock: Clock): boolean {
  const heardAt = watch?.heardAt ?? null
  return heardAt !== null && watch?.lost === false && clock.elapsed() - heardAt <= freshMs
}

interface InformerPorts {
  readonly clock: Clock
  readonly log: (line: string) => void
  readonly stop: AbortSignal
  /** Called for each change by others, with the object; null where a watch has ended. */
  readonly changed: (object: KubeObject | null) => void
}

/** Starts a watch if none runs: 10 s after a failed one, and never again if it is not allowed. */
export function starter(cluster: Pick<Cluster, 'watch'>, ports: InformerPorts): (informer: Informer) => void {
  const { clock, log, stop, changed } = ports
  return (informer) => {
    if (informer.watch !== null || stop.aborted) return
    if (informer.begun && clock.elapsed() < informer.notBefore) return
    const { promise: ready, resolve } = Promise.withResolvers<void>()
    const watch: Watch = { store: createStore(informer.at), ready, heardAt: null, lost: false }
    informer.watch = watch
    informer.begun = true
    const followed = async () => {
      for await (const seen of cluster.watch(informer.at, AbortSignal.any([stop]))) {
        if (stop.aborted) return
        if (seen.type === 'lost') watch.lost = true
        // After a gap only this event says that the store is complete again.
        if (seen.type === 'alive') watch.lost = false
        const before = 'object' in seen ? watch.store.find(atOf(seen.object)) : null
        const isNews = 'object' in seen && watch.store.observe(seen)
        const isComplete = seen.type === 'alive' || watch.heardAt !== null
        if (!isComplete) continue
        // An object that has left a selection is news for those who had it.
        if (isNews) for (const one of [seen.object, before]) if (one !== null) changed(one)
        if (watch.lost) continue
        watch.heardAt = clock.elapsed()
        resolve()
      }
    }
    const ended = () => {
      informer.watch = null
      resolve()
      changed(null)
    }
    void followed()
      .catch((error: unknown) => {
        const refused = error instanceof Failure && ['forbidden', 'not-found'].includes(error.code)
        informer.notBefore = refused ? Infinity : clock.elapsed() + againMs
        log(`cannot watch ${describeAt(informer.at)}, so it is read at every observation: ${describe(error)}`)
      })
      .finally(ended)
  }
}

/** Reads again the objects that may be outdated in the store. */
export async function resolveDoubts(informer: Informer, cluster: Pick<Cluster, 'get'>): Promise<void> {
  const store = informer.watch?.store
  const open = Map.groupBy(informer.doubts, ({ at }) => describeAt(at))
  await Promise.all(
    [...open.values()].map(async (doubts) => {
      const at = doubts[0]?.at ?? informer.at
      const before = store?.find(at) ?? null
      const now = await cluster.get(at)
      if (now !== null) store?.put(now)
      else if (before !== null) store?.missing(before)
      for (const doubt of doubts) informer.doubts.delete(doubt)
    }),
  )
}

import { describe, Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import type { At, Cluster } from '../types/cluster.ts'
import { createCopy, type Copy } from './store.ts'
import { describeAt } from '../client/paths.ts'

/** One place that is watched, and what is known of it. */
export interface Place {
  readonly at: At
  /** Somebody has read it. */
  begun: boolean
  /** null while no watch runs. */
  watch: Watch | null
  /** Elapsed ms from which on a watch may be begun. */
  notBefore: number
  /** Objects of which the copy may be wrong, since a write of ours may have been done. */
  readonly doubts: Set<{ readonly at: At }>
}

interface Watch {
  readonly copy: Copy
  /** Settles when everything that was there is in the copy, or the watch has ended. */
  readonly ready: Promise<void>
  /** Elapsed ms up to which the copy has everything; null until it is complete. */
  heardAt: number | null
  /** The connection broke, and nothing was heard since. */
  lost: boolean
}

/** A copy is served no longer than this after the last sign of life of its watch. */
const freshMs = 60_000
const againMs = 10_000

export const createPlace = (at: At): Place => ({
  at,
  begun: false,
  watch: null,
  notBefore: 0,
  doubts: new Set(),
})

export function isFresh({ watch }: Place, clock: Clock): boolean {
  const heardAt = watch?.heardAt ?? null
  return heardAt !== null && watch?.lost === false && clock.elapsed() - heardAt <= freshMs
}

interface WatcherPorts {
  readonly clock: Clock
  readonly tell: (line: string) => void
  readonly stop: AbortSignal
  /** Called for each change by others. */
  readonly ring: () => void
}

/** Begins a watch of a place where none runs; after one that failed not at once, and never again where it is not allowed. */
export function watcher(cluster: Pick<Cluster, 'watch'>, ports: WatcherPorts): (place: Place) => void {
  const { clock, tell, stop, ring } = ports
  return (place) => {
    if (place.watch !== null || stop.aborted || (place.begun && clock.elapsed() < place.notBefore)) return
    const { promise: ready, resolve } = Promise.withResolvers<void>()
    const watch: Watch = { copy: createCopy(place.at), ready, heardAt: null, lost: false }
    place.watch = watch
    place.begun = true
    const followed = async () => {
      for await (const seen of cluster.watch(place.at, AbortSignal.any([stop]))) {
        if (stop.aborted) return
        if (seen.type === 'lost') watch.lost = true
        // After a gap only this says that it is closed.
        if (seen.type === 'alive') watch.lost = false
        const isNews = 'object' in seen && watch.copy.told(seen)
        const isWhole = seen.type === 'alive' || watch.heardAt !== null
        if (!isWhole) continue
        if (isNews) ring()
        if (watch.lost) continue
        watch.heardAt = clock.elapsed()
        resolve()
      }
    }
    const ended = () => {
      place.watch = null
      resolve()
      ring()
    }
    void followed()
      .catch((error: unknown) => {
        const refused = error instanceof Failure && ['forbidden', 'not-found'].includes(error.code)
        place.notBefore = refused ? Infinity : clock.elapsed() + againMs
        tell(`${describeAt(place.at)} is read at every look, since it cannot be watched: ${describe(error)}`)
      })
      .finally(ended)
  }
}

/** Asks for what the copy may be wrong about. */
export async function settle(place: Place, cluster: Pick<Cluster, 'get'>): Promise<void> {
  const copy = place.watch?.copy
  const open = Map.groupBy(place.doubts, ({ at }) => describeAt(at))
  await Promise.all(
    [...open.values()].map(async (doubts) => {
      const at = doubts[0]?.at ?? place.at
      const before = copy?.find(at) ?? null
      const now = await cluster.get(at)
      if (now !== null) copy?.put(now)
      else if (before !== null) copy?.missing(before)
      for (const doubt of doubts) place.doubts.delete(doubt)
    }),
  )
}

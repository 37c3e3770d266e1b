// The API server and its controllers under a virtual clock, with snapshots to begin again from.
import type { At, KubeObject, LogOptions } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import { fakeCluster, type FakeCluster } from '../server/api-server.ts'
import { serverDefaults } from '../server/defaults.ts'
import { usualTiming, type Behaviours, type Timing } from '../controllers/round/behaviour.ts'
import { shifts } from '../controllers/shifts.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * An API server with its controllers under one virtual clock. Controllers move only during a sleep (or by `settle`), in steps of
 * `tickMs`; while they have nothing to do, time jumps. Everything is deterministic.
 */
export interface Simulation {
  readonly cluster: FakeCluster
  /** Sleeping on it, or `advance`, lets the controllers work. */
  readonly clock: VirtualClock
  readonly options: SimulationOptions
  /** What is now. Not to be taken while a call is under way, except in the cluster's hooks. */
  snapshot(): Snapshot
  /** What the controllers have still to do: the part of what is now that no snapshot keeps. */
  agenda(): string
  /** Lets time pass until no controller has anything to do within the next half minute, for at most ten minutes. */
  settle(): void
}

export interface VirtualClock extends Clock {
  /** Every pause that was asked for, in ms. */
  readonly slept: readonly number[]
  advance(ms: number): void
}

export interface SimulationOptions {
  /** What is there at the beginning; left out where it begins `from` a snapshot. */
  readonly objects?: readonly KubeObject[]
  /** Where it goes on; its clock goes on there too. */
  readonly from?: Snapshot
  /** Default: every pod gets ready. */
  readonly behaviour?: Behaviours
  readonly timing?: Partial<Timing>
  /** The replicas that the load asks for; a HorizontalPodAutoscaler follows it between its bounds. Default: none moves. */
  readonly load?: (autoscaler: KubeObject) => number | null
  /** Fills in what the API server would (strategy, ports' protocol, a route's default match and so on). Default false. */
  readonly defaults?: boolean
  readonly log?: (at: At, options: LogOptions) => string
  readonly proxy?: (service: { readonly namespace: string; readonly name: string }, path: string) => string
}

const start = Date.UTC(2026, 0, 1)
/** How often a watch to which nothing is told gives a sign of life, as the real one does at the end of each connection. */
const beatMs = 45_000

/** Begins at 2026-01-01T00:00:00Z with `objects`, or goes on `from` a snapshot. */
export function simulate(options: SimulationOptions = {}): Simulation {
  const { from, behaviour = () => 'ready', load = () => null } = options
  const timing = { ...usualTiming, ...options.timing }
  let elapsed = from?.elapsed ?? 0
  const cluster = fakeCluster({
    graceful: true,
    now: () => new Date(start + elapsed).toISOString(),
    ...(from === undefined ? {} : { from: from.state }),
    ...(options.objects === undefined ? {} : { objects: options.objects }),
    ...(options.defaults === true ? { complete: serverDefaults } : {}),
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
  })
  const work = shifts({ cluster, timing, behaviour, load })
  /** Goes on to `end` at most: by one tick where there is something to do, else to the next thing that is due. */
  const pass = (end: number): void => {
    const next = work.isIdle() ? Math.max(work.wake() - start, elapsed) : elapsed + timing.tickMs
    const before = elapsed
    elapsed = Math.min(next, end)
    work.round(start + elapsed)
    if (Math.floor(elapsed / beatMs) > Math.floor(before / beatMs)) cluster.beat()
  }
  const until = (end: number): void => {
    while (elapsed < end) pass(end)
  }
  return {
    cluster,
    options,
    clock: simulatedClock({ cluster, elapsed: () => elapsed, pass, until }),
    snapshot: () => ({ elapsed, state: cluster.state() }),
    agenda: () => work.agenda(),
    settle: () => {
      const end = elapsed + 600_000
      while (elapsed < end && !(work.isIdle() && work.wake() - start > elapsed + 30_000)) pass(end)
    },
  }
}

interface Time {
  readonly cluster: FakeCluster
  readonly elapsed: () => number
  readonly pass: (end: number) => void
  readonly until: (end: number) => void
}

/** Sleepers that sleep at the same time wake each at its own time. */
function simulatedClock({ cluster, elapsed, pass, until }: Time): VirtualClock {
  const slept: number[] = []
  const ends = new Set<{ readonly at: number }>()
  const turn = (): Promise<void> =>
    // A sleeper that was woken while a watch was open is waiting for its own turn of the loop: it must get it.
    cluster.watches() > 0 || ends.size > 1
      ? new Promise((resolve) => setImmediate(resolve))
      : Promise.resolve()
  return {
    slept,
    now: () => start + elapsed(),
    elapsed,
    advance: (ms) => {
      until(elapsed() + ms)
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      const end = { at: elapsed() + ms }
      ends.add(end)
      try {
        do {
          // Other processes that are about to sleep, or get an event, run first.
          await turn()
          signal?.throwIfAborted()
          if (elapsed() < end.at) pass(Math.min(...[...ends].map(({ at }) => at)))
        } while (elapsed() < end.at)
      } finally {
        ends.delete(end)
      }
      signal?.throwIfAborted()
    },
  }
}

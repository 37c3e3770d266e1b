import type { At, KubeObject, LogOptions } from '@alt-las/kubernetes'
import type { FakeClock } from '../clock.ts'
import type { FakeCluster } from '../cluster.ts'
import type { Behaviours, Timing } from './behaviour.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * An API server with its controllers under one virtual clock. Controllers move only while somebody sleeps (or by `settle`), in steps of
 * `tickMs`; while they have nothing to do, time jumps. Everything is deterministic.
 */
export interface Simulation {
  readonly cluster: FakeCluster
  /** Sleeping on it, or `advance`, lets the controllers work. */
  readonly clock: FakeClock
  readonly options: SimulationOptions
  /** What is now. Not to be taken while a call is under way, except in the cluster's hooks. */
  snapshot(): Snapshot
  /** Lets time pass until no controller has anything to do within the next half minute, for at most ten minutes. */
  settle(): void
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

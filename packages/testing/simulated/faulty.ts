import type { Cluster, ServiceProxy } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import type { Call } from '../cluster.ts'

/** One runner's way to the cluster. Everything that it does goes through it, so that it can be stopped for good. */
export interface Lane {
  readonly cluster: Cluster & { readonly proxy: ServiceProxy }
  /** The virtual clock; a runner that is dead or paused never wakes on it. */
  readonly clock: Clock
}

export interface FaultyLane extends Lane {
  /** The calls that it made so far, in the order in which they were made. */
  readonly calls: readonly Call[]
  /** Settles when a fault of kind `kill` struck; what it awaits then never does. Race the runner with it: see `untilDeath`. */
  readonly dead: Promise<void>
}

/** How a runner ended; one that was killed never ends by itself. */
export type End<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'killed' }

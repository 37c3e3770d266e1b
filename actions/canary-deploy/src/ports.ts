import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { Scrapes } from './judging/scrapes.ts'
import type { Left } from './operations/left.ts'
import type { Visits } from './synthetic/visits.ts'

/** What the use cases need of the world. */
export interface Ports {
  readonly cluster: Cluster
  readonly scrapes: Scrapes
  readonly clock: Clock
  readonly log: Log
  readonly interrupted: AbortSignal
  /** Who acts: `repository/run-id/attempt`. */
  readonly holder: string
  /** Name of the tag or branch of this run. */
  readonly refName: string
  /** Told when a target is begun, and when it is left as it was meant to be: what is between is for the post step. */
  readonly leaves?: (target: Left, state: 'begun' | 'over') => void
  /** The synthetic requests of one rollout; absent where none are asked for. */
  readonly visits?: () => Visits
  readonly readManifests: (paths: readonly string[]) => Promise<readonly KubeObject[]>
}

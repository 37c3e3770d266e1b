import type { Cluster, DryRun } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import type { Decision, Effect } from './effects.ts'
import type { Judgement } from './judgement.ts'
import type { Scrapes } from './metrics.ts'
import type { Observation, ClusterObservation } from './observation.ts'
import type { Rollout } from './rollout.ts'
import type { Visits } from './synthetic.ts'

/** The memory: compare-and-swap, and the right to act at all. */
export interface Journal {
  find(): Promise<Rollout | null>
  save(rollout: Rollout): Promise<void>
  /** Proves that this runner still holds the target; throws Failure `lease-lost`. */
  keep(): Promise<void>
}

/** The cluster as the rollout needs it. */
export interface ClusterAdapter {
  observe(rollout: Rollout): Promise<ClusterObservation>
  /** Makes it so; doing it twice is doing it once. Throws Failure `conflict` where the world has changed under it. */
  ensure(effect: Effect, rollout: Rollout): Promise<void>
  /** Titles of what this process has written and no way back takes away: objects of the manifests, and the pre-deploy Job. */
  written(): readonly string[]
  /** Takes the next block of metrics, if one is there in a few seconds, into what is held of the canary. */
  measure(rollout: Rollout, seen: Observation): Promise<Judgement>
}

/** Told each decision of one rollout, for the log. */
export type ProgressLog = (decision: Decision, rollout: Rollout, seen: Observation) => void

/** A target that a run has begun, and with which number. */
export interface Unfinished {
  readonly namespace: string
  readonly deployment: string
  readonly fencingToken: number
}

/** What a run needs to bring one target to what its plan wants. */
export interface RolloutPorts {
  readonly cluster: Cluster & DryRun
  readonly scrapes: Scrapes
  readonly clock: Clock
  readonly log: { line(text: string): void }
  /** Begins the log of one rollout. */
  readonly progressLog: () => ProgressLog
  readonly interrupted: AbortSignal
  /** Who acts: `repository/run-id/attempt`. */
  readonly holder: string
  /** Told when a target is begun, and when it is left as it was meant to be: what is between is for the post step. */
  readonly unfinished?: (target: Unfinished, state: 'begun' | 'over') => void
  /** The synthetic requests of one rollout; absent where none are asked for. */
  readonly visits?: () => Visits
}

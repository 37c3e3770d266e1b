import type { At, CachedCluster, Cluster, DryRun } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import type { Decision, Effect } from './effects.ts'
import type { Judgement } from './judgement.ts'
import type { Scrapes } from './metrics.ts'
import type { Observation, ClusterObservation, ObservedRelease } from './observation.ts'
import type { Rollout } from './rollout.ts'
import type { Smoke, SmokeResult } from './smoke.ts'
import type { Visits } from './synthetic.ts'

/** The saved state: compare-and-swap, and the lease of the target. */
export interface Journal {
  find(): Promise<Rollout | null>
  save(rollout: Rollout): Promise<void>
  /** Proves that this runner still holds the target; throws Failure `lease-lost`. */
  keep(): Promise<void>
}

/** The cluster for a rollout. */
export interface ClusterAdapter {
  observe(rollout: Rollout): Promise<ClusterObservation>
  /** Applies an effect; repeating it changes nothing. Throws Failure `conflict` if the cluster has changed since. */
  ensure(effect: Effect, rollout: Rollout): Promise<void>
  /** Titles of objects written by this process that a rollback does not remove: objects of the manifests, and the pre-deploy Job. */
  written(): readonly string[]
  /** Adds the next block of metrics, if there is one within a few seconds, to the judgement. */
  measure(rollout: Rollout, seen: Observation): Promise<Judgement>
  /** Runs the plan's API tests against the new version; null while they run: then it is called again. */
  smoke(rollout: Rollout): Promise<SmokeResult | null>
}

/** Called with each decision of one rollout, for the log. */
export type ProgressLog = (decision: Decision, rollout: Rollout, seen: Observation) => void

/** A target that a run has begun, with its fencing token. */
export interface Unfinished {
  readonly namespace: string
  readonly deployment: string
  readonly fencingToken: number
}

/** The ports of a rollout. */
export interface RolloutPorts {
  readonly cluster: Cluster & DryRun
  readonly scrapes: Scrapes
  readonly clock: Clock
  readonly log: { line(text: string): void }
  /** Begins the log of one rollout. */
  readonly progressLog: () => ProgressLog
  readonly interrupted: AbortSignal
  /** Holder of the lease: `repository/run-id/attempt`. */
  readonly holder: string
  /** Called when a target is begun and when it is complete: the post step handles targets in between. */
  readonly unfinished?: (target: Unfinished, state: 'begun' | 'over') => void
  /** That many random bytes; default: from the operating system. */
  readonly random?: (length: number) => Uint8Array
  /** Runs the API tests of a plan; absent = they cannot be run, so a plan with tests does not pass. */
  readonly smoke?: Smoke
  /** The synthetic requests of one rollout; absent = none. */
  readonly visits?: () => Visits
  /** How the other targets of the release stand now; absent = a target that is released alone. */
  readonly release?: () => ObservedRelease
  /** A part of a cache that several rollouts share; absent = each has its own. */
  readonly watching?: (places: readonly At[]) => CachedCluster
}

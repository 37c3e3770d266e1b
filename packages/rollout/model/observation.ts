import type { Deployment } from '@alt-las/kubernetes'
import type { Cause } from '@alt-las/workload-health'
import type { ObservedSplit } from '@alt-las/routers'
import type { ConfigVersion } from './plan.ts'

/** One observation of the cluster: facts only. */
export interface Observation extends ClusterObservation {
  /** The sentence of the interruption, else null. */
  readonly interrupted: string | null
  /** Since the phase was entered, or resumed by this process; monotonic ms. */
  readonly inPhaseMs: number
  /** Since the phase was entered and saved, by any run; wall ms. */
  readonly enteredMs: number
  /** Since all traffic came to the new version, by any run; 0 before; wall ms. */
  readonly switchedMs: number
  /** In all steps so far, without the pauses between them; wall ms. */
  readonly judgedMs: number
  /** How the other targets of the release stand; absent for a target that is released alone. */
  readonly release?: ObservedRelease
}

/**
 * `waits`: not every target has passed yet, so none may give up its old version. `clear`: all have passed. `refused`: one of them was rolled back,
 * halted or broken, so this one goes back, too.
 */
export type ObservedRelease =
  { readonly kind: 'clear' } | { readonly kind: 'waits' | 'refused'; readonly because: string }

/** The facts from the cluster. */
export interface ClusterObservation {
  readonly stable: ObservedWorkload | null
  /** `rolling`: the live workload, without status and bookkeeping. */
  readonly live: Deployment | null
  /** `rolling`: a pod that blocks its StatefulSet; null = none. */
  readonly stuck: StuckPod | null
  readonly canary: ObservedWorkload | null
  /** Pods of the canary that still exist, terminating ones included. */
  readonly canaryPods: number
  readonly service: ObservedService | null
  /** Since the Service has an address for every replica; monotonic ms of this process. */
  readonly foundMs: number
  readonly canaryService: ObservedService | null
  readonly router: ObservedSplit
  readonly autoscaler: ObservedAutoscaler | null
  readonly job: ObservedJob
  readonly watchdog: ObservedWatchdog
  /** `rolling`: the pod of the API tests; absent in every other phase than that of the tests and the way back. */
  readonly smokePod?: ObservedSmokePod
  /** ConfigMaps and Secrets of the plan under their plain names: `released` when they have the plan's content. */
  readonly configs: 'none' | 'pending' | 'released'
  /** Before anything is applied: the live workload's configuration that the plan changes. */
  readonly former: FormerConfigs
  /** There are copies that no release and no workload uses. */
  readonly staleConfigs: boolean
  /** `ready` once this process has applied the other objects, and all their workloads are ready. */
  readonly objects: ObservedObjects
}

export interface ObservedWorkload {
  readonly uid: string
  /** Image of the named container. */
  readonly image: string
  readonly replicas: number
  /** Version annotation that this action writes; null on an adopted Deployment. */
  readonly version: string | null
  /** `pod-template-hash` of the version that serves: that with the most ready pods, the newest where equal; null without pods. */
  readonly hash: string | null
  /** `pod-template-hash` of the newest template; null while it has no ReplicaSet. */
  readonly newestHash: string | null
  /** Ready pods of `hash`. */
  readonly ready: number
  /** Every replica is of the newest template, ready and available, and no other is left: by status counts; crash loops are detected elsewhere. */
  readonly settled: boolean
  readonly readiness: Readiness
}

/** A pod of an older template that is not ready and blocks its StatefulSet. */
export interface StuckPod {
  readonly name: string
  readonly uid: string
  readonly unreadyMs: number
}

/** Why a workload is not ready. `failed`: waiting will not help. */
export type Readiness =
  | { readonly kind: 'ready'; readonly causes?: readonly Cause[] }
  | {
      readonly kind: 'waiting' | 'failed'
      readonly because: string
      readonly cause?: Cause
      readonly causes?: readonly Cause[]
    }

export interface ObservedService {
  /** Value of `pod-template-hash` in the selector, if any. */
  readonly pin: string | null
  /** Ready pods that it selects. */
  readonly endpoints: number
}

export type ObservedObjects =
  | { readonly kind: 'unapplied' }
  | { readonly kind: 'waiting'; readonly because: string }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'ready' }

export interface ObservedAutoscaler {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** The pre-deploy Job; `none` if the plan has none. */
export interface ObservedJob {
  /** `blocked`: one of an earlier rollout still runs; `stuck`: it runs, and waiting will not help. */
  readonly kind: 'none' | 'absent' | 'blocked' | 'running' | 'stuck' | 'succeeded' | 'failed'
  readonly because: string
  /** Why it is stuck or has failed. */
  readonly cause?: Cause
  readonly uid?: string
}

export interface ObservedSmokePod {
  readonly kind: 'absent' | 'starting' | 'ready' | 'failed' | 'ending'
  readonly because: string
  /** Absent without a pod. */
  readonly uid?: string
  /** Why it has failed. */
  readonly cause?: Cause
}

export interface FormerConfigs {
  readonly configs: readonly ConfigVersion[]
  /** A copy of each exists. */
  readonly kept: boolean
}

/** The dead-man's switch; `none` if the plan has none. `fired` = it has moved the traffic to stable. */
export interface ObservedWatchdog {
  readonly kind: 'none' | 'absent' | 'starting' | 'armed' | 'fired' | 'failed'
  readonly because: string
}

/** The Service has a ready address for every replica; an absent Service has none. */
export const findsAll = (service: ObservedService | null, replicas: number): boolean =>
  (service?.endpoints ?? 0) >= replicas

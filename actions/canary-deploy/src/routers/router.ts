import type { At, Cluster, JsonPatch } from '@alt-las/kubernetes'
import type { RouterSight } from '../observe/sight.ts'
import type { Plan } from '../plan/plan.ts'
import type { RouteBefore } from '../state/rollout.ts'

/** What a router needs of the cluster. */
export type RouterCluster = Pick<Cluster, 'get' | 'list' | 'patch'>

/** One patch of one object. */
export interface Retreat {
  readonly at: At
  readonly operations: readonly JsonPatch[]
}

/** What is aimed at, and what was there: a router that cannot write every weight reports the one that it has come as near to as it can. */
export interface Aim {
  /** In percent; null = none. */
  readonly weight: number | null
  readonly before: readonly RouteBefore[]
}

export const noAim: Aim = { weight: null, before: [] }

/** Who splits the traffic. Reads and writes only the rules that the plan names. */
export interface Router {
  /** `weight` is the aim's where what is there is just what `split` writes for it. */
  see(plan: Plan, aim?: Aim): Promise<Omit<RouterSight, 'settledMs'>>
  /**
   * Sends `percent` of the service's traffic to the canary, the rest to stable's pods of the hash `stable`. Throws Failure `conflict`
   * where a rule changed since it was read.
   */
  split(plan: Plan, percent: number, stable: string | null): Promise<void>
  /** Rules as they were before the canary. */
  restore(plan: Plan, before: readonly RouteBefore[]): Promise<void>
  /** What `split(plan, 0, stable)` would write, from any weight: the patches that a dead-man's switch needs. They test nothing. */
  retreat(plan: Plan, stable: string | null): Promise<readonly Retreat[]>
}

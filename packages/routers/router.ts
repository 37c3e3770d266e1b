import type { At, Cluster, JsonPatch } from '@alt-las/kubernetes'
import type { Split } from './split.ts'

/** What a router needs of the cluster. */
export type RouterCluster = Pick<Cluster, 'get' | 'list' | 'patch'>

/** One patch of one object. */
export interface ResetPatch {
  readonly at: At
  readonly operations: readonly JsonPatch[]
}

/** What is aimed at, and what was there: a router that cannot write every weight reports the one that it has come as near to as it can. */
export interface TargetWeight {
  /** In percent; null = none. */
  readonly weight: number | null
  readonly originals: readonly OriginalRule[]
}

export const noTargetWeight: TargetWeight = { weight: null, originals: [] }

/** Who splits the traffic. Reads and writes only the rules that the plan names. */
export interface Router {
  /** `weight` is the aim's where what is there is just what `split` writes for it. */
  observe(split: Split, aim?: TargetWeight): Promise<Omit<ObservedSplit, 'settledMs'>>
  /**
   * Sends `percent` of the service's traffic to the canary, the rest to stable's pods of the hash `stable`. Throws Failure `conflict`
   * where a rule changed since it was read.
   */
  split(split: Split, percent: number, stable: string | null): Promise<void>
  /** Rules as they were before the canary. */
  restore(split: Split, before: readonly OriginalRule[]): Promise<void>
  /** What `split(plan, 0, stable)` would write, from any weight: the patches that a dead-man's switch needs. They test nothing. */
  resetPatches(split: Split, stable: string | null): Promise<readonly ResetPatch[]>
}

export interface OriginalRule {
  /** Kind of the object that holds the weights, such as HTTPRoute. */
  readonly kind: string
  readonly name: string
  readonly rule: number
  /** As the object's kind writes them. */
  readonly backendRefs: readonly unknown[]
}

export interface ObservedSplit {
  /** The rules that send to the service, as they are. */
  readonly rules: readonly OriginalRule[]
  /** The canary's share of the service's traffic in percent over all rules; null while rules disagree. */
  readonly weight: number | null
  /** The canary is named in at least one rule. */
  readonly hasCanary: boolean
  /** The gateway has taken over the newest state of every route. */
  readonly accepted: boolean
  /** Clients stay with the version that they met first: shares of traffic follow weights slowly. */
  readonly sticky: boolean
  /** Since the gateway accepted routes with this very weight; monotonic ms, as seen by this process. */
  readonly settledMs: number
  /** What the gateway says while it has not accepted. */
  readonly because: string
}

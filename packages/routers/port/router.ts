// The port of every router, and its data: the split to make, the kinds of router, names and capacity.
import type { At, Cluster, JsonPatch } from '@alt-las/kubernetes'
import type { Split } from './split.ts'

/** The cluster calls of a router. */
export type RouterCluster = Pick<Cluster, 'get' | 'list' | 'patch'>

/** One patch of one object. */
export interface ResetPatch {
  readonly at: At
  readonly operations: readonly JsonPatch[]
  /** Applied instead if a test among the operations fails. */
  readonly orElse?: readonly JsonPatch[]
}

/** Target weight and original rules. A router that must round reports the target once its rounded weight is in place. */
export interface TargetWeight {
  /** In percent; null = none. */
  readonly weight: number | null
  readonly originals: readonly OriginalRule[]
}

export const noTargetWeight: TargetWeight = { weight: null, originals: [] }

/** Splits the traffic. Reads and writes only the rules that the plan names. */
export interface Router {
  /** `weight` is the aim's where what is there is just what `split` writes for it. */
  observe(split: Split, aim?: TargetWeight): Promise<Omit<ObservedSplit, 'settledMs'>>
  /**
   * Sends `percent` of the service's traffic to the canary, the rest to stable's pods of the hash `stable`. At 0 and 100 the audience's rules
   * go in the same write; between them they stay. Throws Failure `conflict` if a rule changed since it was read.
   */
  split(split: Split, percent: number, stable: string | null): Promise<void>
  /** Adds the rules that send the split's audience to the canary; weights stay. Throws Failure `bad-target` where that is not possible. */
  sendAudience(split: Split): Promise<void>
  /** Rules as they were before the canary. */
  restore(split: Split, before: readonly OriginalRule[]): Promise<void>
  /** The patches of `split(plan, 0, stable)` from any weight, for the dead-man's switch. They test nothing but the audience's rules. */
  resetPatches(split: Split, stable: string | null): Promise<readonly ResetPatch[]>
}

/** The canary may get requests, by its weight or from its audience. */
export const hasTraffic = ({
  weight,
  audience = 'off',
}: Pick<ObservedSplit, 'weight' | 'audience'>): boolean => weight !== 0 || audience !== 'off'

export interface OriginalRule {
  /** Kind of the object that holds the weights, such as HTTPRoute. */
  readonly kind: string
  readonly name: string
  readonly rule: number
  /** As the object's kind writes them. */
  readonly backendRefs: readonly unknown[]
}

export interface ObservedSplit {
  /** The live rules that send to the service. */
  readonly rules: readonly OriginalRule[]
  /** The canary's share of the service's traffic in percent over all rules; null while rules disagree. */
  readonly weight: number | null
  /** The canary is named in at least one rule. */
  readonly hasCanary: boolean
  /** The audience's rules: all there, none, or not as they should be; absent if the split has no audience. */
  readonly audience?: 'on' | 'off' | 'altered'
  /** The gateway has accepted the newest state of every route. */
  readonly accepted: boolean
  /** Sticky sessions: shares of traffic follow weights slowly. */
  readonly sticky: boolean
  /** Routes of other namespaces that send to stable's Service, whose traffic is not split; absent where there are none. */
  readonly foreign?: readonly string[]
  /** Time since which the gateway accepts routes with exactly this weight; monotonic ms of this process. */
  readonly settledMs: number
  /** The gateway's reason while it has not accepted. */
  readonly because: string
}

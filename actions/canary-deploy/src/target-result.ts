import type { Rollout, Verdict, Sent } from '@alt-las/rollout'

/** How one target ended. */
export interface TargetResult {
  readonly namespace: string
  readonly deployment: string
  readonly verdict: Verdict
  readonly because: string
  readonly image: string
  readonly previousImage: string | null
  readonly release: string
  /** The canary's share of traffic at the end, in percent. */
  readonly weight: number
  /** null where nothing had to be done. */
  readonly rollout: Rollout | null
  /** The synthetic requests that were sent; null or absent where none were asked for. */
  readonly synthetic?: Sent | null
}

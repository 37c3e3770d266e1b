import type { Change } from './changes.ts'
import type { Stage } from './stages.ts'
import type { TrafficFact } from './traffic.ts'

/** The effects of a run on one target. */
export interface Forecast {
  readonly namespace: string
  readonly deployment: string
  readonly release: string
  readonly image: string
  /** Image that serves now; null = none. */
  readonly serving: string | null
  /** One sentence. */
  readonly what: string
  readonly changes: readonly Change[]
  readonly stages: readonly Stage[]
  readonly pods: { readonly now: number; readonly peak: number }
  /** The traffic that a decision needs; empty if nothing is judged. */
  readonly traffic: readonly TrafficFact[]
  /** Problems that would prevent the run. */
  readonly problems: readonly string[]
}

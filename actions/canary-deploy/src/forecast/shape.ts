import type { Change } from './changes.ts'
import type { Stage } from './stages.ts'
import type { TrafficFact } from './traffic.ts'

/** What a run would do to one target. */
export interface Forecast {
  readonly namespace: string
  readonly deployment: string
  readonly release: string
  readonly image: string
  /** Image that serves now; null where nothing does. */
  readonly serving: string | null
  /** One sentence. */
  readonly what: string
  readonly changes: readonly Change[]
  readonly stages: readonly Stage[]
  readonly pods: { readonly now: number; readonly peak: number }
  /** What a decision needs; empty where nothing is judged. */
  readonly traffic: readonly TrafficFact[]
  /** What would keep it from being done. */
  readonly problems: readonly string[]
}

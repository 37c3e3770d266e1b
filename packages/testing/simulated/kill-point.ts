import type { Call } from '../cluster.ts'
import type { Snapshot } from './snapshot.ts'

/** The world as a runner left it that died at this call. */
export interface KillPoint {
  /** Number of the call, beginning with 1. */
  readonly at: number
  readonly call: Call
  readonly when: 'before' | 'after'
  readonly snapshot: Snapshot
}

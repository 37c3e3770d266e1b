import type { Call } from '../cluster.ts'
import type { End } from './faulty.ts'

/** What became of several runners under one schedule. */
export interface Interleaved<T> {
  /** By runner; `killed` for one that was paused for ever. */
  readonly ends: readonly End<T>[]
  readonly steps: readonly Step[]
  /** How often the turn changed. */
  readonly switches: number
}

export interface Step {
  readonly runner: number
  /** null: it slept. */
  readonly call: Call | null
  /** Virtual ms since the simulation began. */
  readonly at: number
}

/** A program of the tests. It runs in a process of its own, so that it can be ended at its deadline with everything that it has started. */
export interface Check {
  readonly name: string
  /** The summary has one line per part. */
  readonly part: 'e2e' | 'conformance' | 'histories' | 'fuzz' | 'benchmarks'
  /** What holds when it passes. */
  readonly title: string
  /** Arguments of Node, relative to the root of the repository. */
  readonly args: readonly string[]
  /** Deadline in minutes. */
  readonly minutes: number
  readonly needsLab: boolean
}

/**
 * What became of a check. `kept`: it has passed on this commit before. `skipped`: there was no time, or nothing to stand on. `unsteady`: it
 * failed, and passed when it was played again by itself.
 */
export interface Verdict {
  readonly check: Check
  readonly kind: 'passed' | 'failed' | 'late' | 'kept' | 'skipped' | 'unsteady'
  readonly seconds: number
  /** As its last line counts them; one where it does not count. */
  readonly passed: number
  readonly failed: number
}

/** One after the other. */
export type Lane = readonly string[]
/** Its lanes run side by side: at most one of them drives workflows or counts the requests of production. */
export type Round = readonly Lane[]

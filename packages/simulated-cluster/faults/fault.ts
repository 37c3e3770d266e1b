import type { Call, FakeCluster } from '../server/api-server.ts'

/** What befalls one call of one runner. */
export type Fault =
  /** The runner dies: before the call reaches the server, or after the operation was committed and before the answer came. */
  | { readonly kind: 'kill'; readonly when: 'before' | 'after' }
  /** The runner stands still before the call, as if its machine slept: no call, no sleep and no watch goes on before it is woken. */
  | { readonly kind: 'pause' }
  /**
   * The server answers this status: 401, 403, 404, 409, 410, 422, 429, 500, 503, 504; `after`: though the operation was committed (a proxy in
   * between). `retryAfterMs` goes with 429 and 503.
   */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly when?: 'before' | 'after'
      readonly retryAfterMs?: number
    }
  /** No answer comes: the connection is cut (`reset`), or nothing is heard for 15 s of virtual time (`timeout`). */
  | { readonly kind: 'lost'; readonly how: 'reset' | 'timeout'; readonly when: 'before' | 'after' }
  /** A read is answered out of the past: as it was so many writes of anybody ago. Writes are not affected. */
  | { readonly kind: 'stale'; readonly writes: number }
  /** The answer takes so long; on a watch: nothing is told before. The controllers go on meanwhile. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Another writer changes the cluster just before the call is served: `put`, `drop`, or what `meddling` offers. */
  | { readonly kind: 'meddle'; readonly operation: (cluster: FakeCluster, call: Call) => void }

/** Faults by call number of the runner, beginning with 1; `times` calls in a row (default 1). */
export type FaultPlan = readonly {
  readonly at: number
  readonly fault: Fault
  readonly times?: number
  /** What `at` counts: every call, reads included (the default), or the writes alone. */
  readonly of?: 'calls' | 'writes'
}[]

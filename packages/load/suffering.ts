import { percentage } from './thresholds.ts'

/** When a load is ended before its time. */
export interface StopRule {
  /** 0..1 of the requests that ended within the window. */
  readonly maxFailedShare: number
  /** More unanswered requests than are due in this time. */
  readonly maxBacklogMs: number
}

/** Half of the requests fail, or answers lag five seconds behind: more load would only do harm. */
export const suffering: StopRule = { maxFailedShare: 0.5, maxBacklogMs: 5000 }

const windowMs = 5000
/** Fewer say nothing about a share. */
const leastEnded = 20

export interface Watch {
  ended(atMs: number, failed: boolean): void
  /** Why the load must end; null while it may go on. `open`: requests without an answer. */
  because(atMs: number, open: number): string | null
}

/** Watches the last five seconds of a load. Times are of the monotonic clock, ms. */
export function watch(rate: number, rule: StopRule): Watch {
  const seconds = new Map<number, { ended: number; failed: number }>()
  return {
    ended: (atMs, failed) => {
      const second = Math.floor(atMs / 1000)
      const own = seconds.get(second) ?? { ended: 0, failed: 0 }
      own.ended += 1
      own.failed += failed ? 1 : 0
      seconds.set(second, own)
    },
    because: (atMs, open) => {
      for (const second of seconds.keys()) if (second * 1000 < atMs - windowMs) seconds.delete(second)
      const all = [...seconds.values()]
      const ended = all.reduce((sum, one) => sum + one.ended, 0)
      const failed = all.reduce((sum, one) => sum + one.failed, 0)
      if (ended >= leastEnded && failed / ended > rule.maxFailedShare)
        return `${failed} of the last ${ended} requests failed (${percentage(failed / ended)})`
      const most = Math.max(leastEnded, (rate * rule.maxBacklogMs) / 1000)
      return open > most
        ? `${open} requests are without an answer, more than ${rate} per second send in ${rule.maxBacklogMs / 1000} s`
        : null
    },
  }
}

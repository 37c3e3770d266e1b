import type { Clock } from '@alt-las/time'

/** A request of the run, and when it is due by the monotonic clock. */
export type Fire = (index: number, dueMs: number) => void

export interface Schedule {
  /** Requests per second. */
  readonly rate: number
  /** How many in all; Infinity = until the signal is aborted. */
  readonly count: number
}

export interface Firing {
  readonly fire: Fire
  /** The request is left out: this sender was too late for it. */
  readonly skip: Fire
}

/** Requests of a run; at least one. */
export function requestCount(rate: number, durationMs: number): number {
  return Math.max(1, Math.round((rate * durationMs) / 1000))
}

const mostAtOnce = 32
/** After a longer pause of its own, a sender that caught up would send a burst that nobody asked for. */
const mostLateMs = 100

/**
 * Calls `fire` for the n-th request at n/rate, whatever the earlier results; one that is a little overdue is fired at once. One that is
 * overdue by more than 100 ms and more than one interval is skipped, so that the rate is never exceeded.
 * Rejects with the signal's reason as soon as it is aborted.
 */
export async function keepSchedule(
  { rate, count }: Schedule,
  { fire, skip }: Firing,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const begun = clock.elapsed()
  const latestMs = Math.max(mostLateMs, 1000 / rate)
  for (let index = 0, atOnce = 0; index < count; index += 1, atOnce += 1) {
    const dueMs = begun + (index * 1000) / rate
    const earlyMs = dueMs - clock.elapsed()
    // A late sender must still process answers, or it would measure only itself.
    if (earlyMs > 0 || atOnce >= mostAtOnce) {
      await clock.sleep(Math.max(0, earlyMs), signal)
      atOnce = 0
    }
    signal.throwIfAborted()
    if (clock.elapsed() - dueMs > latestMs) skip(index, dueMs)
    else fire(index, dueMs)
  }
}

import { asFailure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { keepSchedule, requestCount } from './schedule.ts'
import { createSender } from './sender.ts'
import type { Send } from './send.ts'
import type { StopRule } from './suffering.ts'
import type { LoadResult } from './tally.ts'
import type { LoadTarget } from './turns.ts'

export interface LoadPlan<R> {
  /** At least one. */
  readonly targets: readonly LoadTarget<R>[]
  /** Requests per second. */
  readonly rate: number
}

export interface TimedLoadPlan<R> extends LoadPlan<R> {
  /** What is measured, after the warm-up. */
  readonly durationMs: number
  /** Sent at the same rate and left out of the result; default 0. */
  readonly warmUpMs?: number
  /** Default: the load goes on to its end. */
  readonly stop?: StopRule
}

export interface LoadPorts<R> {
  readonly send: Send<R>
  readonly clock: Clock
  /** Ends the run without a result. */
  readonly interrupted: AbortSignal
}

/**
 * Open loop: the n-th request is due at n/rate, and its latency counts from that moment, even if this sender or a full connection
 * pool delayed it. A system that stalls for a second is charged for every request of that second, not for one.
 */
export async function runLoad<R>(plan: TimedLoadPlan<R>, ports: LoadPorts<R>): Promise<LoadResult> {
  const { rate, durationMs, warmUpMs = 0 } = plan
  const { clock, interrupted } = ports
  const warmUp = warmUpMs === 0 ? 0 : requestCount(rate, warmUpMs)
  const stopped = new AbortController()
  const sender = createSender({ ...plan, warmUp }, { ...ports, stopped })
  const signal = AbortSignal.any([interrupted, stopped.signal])
  const begun = clock.elapsed()
  const sending = keepSchedule({ rate, count: warmUp + requestCount(rate, durationMs) }, sender, {
    clock,
    signal,
  })
  const sentMs = await sending.then(
    () => durationMs,
    (error: unknown) => {
      if (!stopped.signal.aborted) throw error
      return Math.max(0, clock.elapsed() - begun - warmUpMs)
    },
  )
  await sender.settled()
  interrupted.throwIfAborted()
  return sender.result({ rate, durationMs: sentMs })
}

export interface RunningLoad {
  /** Sends nothing more; resolves when every open request has ended. */
  stop(): Promise<LoadResult>
}

/** The same load until it is stopped. */
export function startLoad<R>(plan: LoadPlan<R>, ports: LoadPorts<R>): RunningLoad {
  const { rate } = plan
  const { clock, interrupted } = ports
  const stopped = new AbortController()
  const sender = createSender({ ...plan, warmUp: 0 }, { ...ports, stopped })
  const begun = clock.elapsed()
  const signal = AbortSignal.any([interrupted, stopped.signal])
  const sending = keepSchedule({ rate, count: Infinity }, sender, { clock, signal }).then(
    () => null,
    (error: unknown) => (signal.aborted ? null : asFailure(error)),
  )
  return {
    stop: async () => {
      const durationMs = clock.elapsed() - begun
      stopped.abort()
      const broken = await sending
      if (broken !== null) throw broken
      await sender.settled()
      interrupted.throwIfAborted()
      return sender.result({ rate, durationMs })
    },
  }
}

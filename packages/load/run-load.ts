import { asFailure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { keepSchedule, requestCount, type Fire } from './schedule.ts'
import type { Send } from './send.ts'
import { createTally, type LoadResult } from './tally.ts'
import { inTurns, type LoadTarget } from './turns.ts'

export interface LoadPlan<R> {
  /** At least one. */
  readonly targets: readonly LoadTarget<R>[]
  /** Requests per second. */
  readonly rate: number
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
export async function runLoad<R>(
  plan: LoadPlan<R> & { readonly durationMs: number },
  ports: LoadPorts<R>,
): Promise<LoadResult> {
  const { rate, durationMs } = plan
  const { clock, interrupted } = ports
  const sender = createSender(plan, ports)
  await keepSchedule({ rate, count: requestCount(rate, durationMs) }, sender.fire, {
    clock,
    signal: interrupted,
  })
  await sender.settled()
  interrupted.throwIfAborted()
  return sender.result({ rate, durationMs })
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
  const sender = createSender(plan, ports)
  const begun = clock.elapsed()
  const signal = AbortSignal.any([interrupted, stopped.signal])
  const sending = keepSchedule({ rate, count: Infinity }, sender.fire, { clock, signal }).then(
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

interface Sender {
  readonly fire: Fire
  settled(): Promise<void>
  readonly result: (of: { readonly rate: number; readonly durationMs: number }) => LoadResult
}

function createSender<R>({ targets }: LoadPlan<R>, { send, clock }: LoadPorts<R>): Sender {
  const next = inTurns(targets)
  const tally = createTally(targets)
  const open = new Set<Promise<void>>()
  const shoot = async (target: LoadTarget<R>, index: number, dueMs: number) => {
    const lagMs = clock.elapsed() - dueMs
    const sentAt = clock.now()
    const loss = await send(target.request, index).catch((thrown: unknown) => ({
      reason: asFailure(thrown).code,
    }))
    tally.add({ target, sentAt, latencyMs: clock.elapsed() - dueMs, lagMs, loss })
  }
  return {
    fire: (index, dueMs) => {
      const shot = shoot(next(), index, dueMs).finally(() => open.delete(shot))
      open.add(shot)
    },
    settled: async () => {
      await Promise.all(open)
    },
    result: tally.result,
  }
}

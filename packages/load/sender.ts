import { asFailure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import type { Firing } from './schedule.ts'
import type { Send } from './send.ts'
import { watch, type StopRule } from './suffering.ts'
import { createTally, type LoadResult } from './tally.ts'
import { inTurns, type LoadTarget } from './turns.ts'

export interface Sending<R> {
  readonly targets: readonly LoadTarget<R>[]
  readonly rate: number
  /** The first requests, which are left out of the result. */
  readonly warmUp: number
  readonly stop?: StopRule
}

export interface SenderPorts<R> {
  readonly send: Send<R>
  readonly clock: Clock
  /** Aborted by the sender where the system suffers by the rule. */
  readonly stopped: AbortController
}

export interface Sender extends Firing {
  settled(): Promise<void>
  readonly result: (of: { readonly rate: number; readonly durationMs: number }) => LoadResult
}

/** Sends what the schedule fires, and keeps the account of it. */
export function createSender<R>(
  { targets, rate, warmUp, stop }: Sending<R>,
  { send, clock, stopped }: SenderPorts<R>,
): Sender {
  const next = inTurns(targets)
  const tally = createTally(targets)
  const open = new Set<Promise<void>>()
  const watched = stop === undefined ? null : watch(rate, stop)
  let because: string | null = null
  let unsent = 0
  const look = () => {
    because ??= watched?.because(clock.elapsed(), open.size) ?? null
    if (because !== null) stopped.abort()
  }
  const shoot = async (target: LoadTarget<R>, index: number, dueMs: number) => {
    const lagMs = clock.elapsed() - dueMs
    const sentAt = clock.now()
    const loss = await send(target.request, index).catch((thrown: unknown) => ({
      reason: asFailure(thrown).code,
    }))
    watched?.ended(clock.elapsed(), loss !== null)
    if (index >= warmUp) tally.add({ target, sentAt, latencyMs: clock.elapsed() - dueMs, lagMs, loss })
  }
  return {
    fire: (index, dueMs) => {
      const shot = shoot(next(), index, dueMs).finally(() => open.delete(shot))
      open.add(shot)
      look()
    },
    skip: (index) => {
      next()
      if (index >= warmUp) unsent += 1
    },
    settled: async () => {
      await Promise.all(open)
    },
    result: (of) => ({ ...tally.result(of), unsent, stopped: because }),
  }
}

import { Failure } from '@alt-las/failure'
import type { Clock } from './clock.ts'
import { formatDuration } from './duration.ts'

export interface UntilOptions {
  /** What is awaited, for the message: `deployment api-gateway to be ready`. */
  readonly what: string
  readonly timeoutMs: number
  /** Pause between checks. Default 1000 ms. */
  readonly everyMs?: number
  readonly signal?: AbortSignal
}

/** Calls `look` until its answer is not null; throws Failure `timeout` (fault outside) at the deadline. */
export async function until<T>(
  look: () => Promise<T | null>,
  options: UntilOptions,
  clock: Clock,
): Promise<T> {
  const begun = clock.elapsed()
  for (;;) {
    options.signal?.throwIfAborted()
    const found = await look()
    if (found !== null) return found
    if (clock.elapsed() - begun >= options.timeoutMs) {
      throw new Failure('timeout', `waited ${formatDuration(options.timeoutMs)} for ${options.what}`, {
        fault: 'outside',
      })
    }
    await clock.sleep(options.everyMs ?? 1000, options.signal)
  }
}

import { Failure, describe } from '@alt-las/failure'
import type { Clock } from './clock.ts'
import { isTransient } from './transient.ts'

/** Verdict on a failed try: another one may help (not before `afterMs`, e.g. Retry-After), or it is final. */
export interface Attempt {
  readonly isTransient: boolean
  readonly afterMs?: number
}

export interface RetryOptions {
  /** The work, for the message: `pull ghcr.io/x`. */
  readonly what: string
  /** Tries in all, at least 1. */
  readonly attempts: number
  /** First pause in ms, doubled each time, at most 20 s. Default 500. */
  readonly baseMs?: number
  /** No try begins after this many ms. */
  readonly deadlineMs?: number
  /** Default: `isTransient`. */
  readonly classify?: (error: unknown) => Attempt
  /** 0..1; injected by tests. Default Math.random. */
  readonly random?: () => number
  readonly onRetry?: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Repeats `work` until it succeeds, fails for good, or tries or time are used up. The last error is thrown unchanged if it is final at
 * the first try; else as a Failure that says the number of tries and keeps the last error as cause.
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  options: RetryOptions,
  clock: Clock,
): Promise<T> {
  const begun = clock.elapsed()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      options.signal?.throwIfAborted()
      const verdict = (options.classify ?? byList)(error)
      const pause = pauseBefore(attempt, verdict, options)
      const late = options.deadlineMs !== undefined && clock.elapsed() - begun + pause > options.deadlineMs
      if (!verdict.isTransient || attempt >= options.attempts || late)
        throw final(error, attempt, options.what)
      options.onRetry?.(`${options.what}: ${describe(error)}; try ${attempt + 1} of ${options.attempts}`)
      await clock.sleep(pause, options.signal)
    }
  }
}

function byList(error: unknown): Attempt {
  const afterMs = error instanceof Failure ? error.retryAfterMs : undefined
  return { isTransient: isTransient(error), ...(afterMs === undefined ? {} : { afterMs }) }
}

function pauseBefore(attempt: number, verdict: Attempt, options: RetryOptions): number {
  const ceiling = Math.min(20_000, (options.baseMs ?? 500) * 2 ** (attempt - 1))
  // Full jitter over the upper half: never immediately, never all at the same time.
  const jittered = ceiling * (0.5 + 0.5 * (options.random ?? Math.random)())
  return Math.max(jittered, verdict.afterMs ?? 0)
}

function final(error: unknown, attempts: number, what: string): unknown {
  if (attempts === 1) return error
  const last = error instanceof Failure ? error : null
  return new Failure(
    last?.code ?? 'retries-exhausted',
    `${what} failed after ${attempts} tries: ${describe(error)}`,
    {
      fault: last?.fault ?? 'outside',
      cause: error,
    },
  )
}

import { describe } from '@alt-las/failure'
import { isUnanswered } from '@alt-las/kubernetes'
import { type Clock, formatDuration } from '@alt-las/time'

export interface OutagePorts {
  readonly clock: Clock
  readonly interrupted: AbortSignal
  /** One line when the API server stops answering, one when it answers again. */
  readonly line: (text: string) => void
  /** ms of the clock's `elapsed` at which waiting ends. */
  readonly until: number
}

const pauseMs = 2000

/**
 * Repeats `work` while the API server does not answer. The rollout stays as it is meanwhile: nothing can be written, the routes keep their
 * weights, and the lease is renewed, or found taken over, by the first request that succeeds. `work` must be safe to repeat. Throws what
 * `work` throws for any other reason, when the run is interrupted, and when the time is over.
 */
export async function outlast<T>(work: () => Promise<T>, ports: OutagePorts): Promise<T> {
  const { clock, interrupted, line, until } = ports
  let since: number | null = null
  for (;;) {
    try {
      const result = await work()
      if (since !== null)
        line(
          `the API server answers again after ${formatDuration(clock.elapsed() - since)}; the rollout goes on`,
        )
      return result
    } catch (error) {
      if (!isUnanswered(error) || interrupted.aborted || clock.elapsed() >= until) throw error
      if (since === null) {
        since = clock.elapsed()
        line(
          `the API server does not answer (${describe(error)}); routes and pods stay as they are, and it is asked again ` +
            `for up to ${formatDuration(until - since)}`,
        )
      }
      await clock.sleep(pauseMs, interrupted).catch(() => undefined)
    }
  }
}

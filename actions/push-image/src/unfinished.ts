import { Failure, interruption } from '@alt-las/failure'
import { formatDuration } from '@alt-las/time'

/** What this run has put into the registry so far. */
export interface PushedSoFar {
  readonly blobs: number
  readonly tags: readonly string[]
}

export interface Ending {
  readonly pushed: PushedSoFar
  readonly interrupted: AbortSignal
  readonly expired: AbortSignal
  readonly timeoutMs: number
}

/** The error, with what the registry contains now, and with the signal or timeout that ended the work. */
export function withState(error: unknown, { pushed, interrupted, expired, timeoutMs }: Ending): unknown {
  const hint = 'run it again: only what is missing is sent'
  if (interrupted.aborted) return interruption(interrupted, stateOf(pushed), hint)
  if (expired.aborted) {
    const message = `the timeout of ${formatDuration(timeoutMs)} has passed: ${stateOf(pushed)}`
    return new Failure('timeout', message, { fault: 'outside', hint })
  }
  if (!(error instanceof Failure) || (pushed.blobs === 0 && pushed.tags.length === 0)) return error
  const hints = [error.hint, stateOf(pushed), hint].filter((one) => one !== undefined)
  return new Failure(error.code, error.message, {
    fault: error.fault,
    cause: error.cause,
    hint: hints.join('; '),
  })
}

/** One line for people. */
export function stateOf({ blobs, tags }: PushedSoFar): string {
  if (tags.length > 0) return `set so far: ${tags.join(', ')}; no other tag moved`
  if (blobs === 0) return 'nothing was pushed'
  return `no tag moved; ${blobs} ${blobs === 1 ? 'blob is' : 'blobs are'} in the registry, harmless`
}

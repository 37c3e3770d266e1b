import { Failure } from '@alt-las/failure'
import { formatDuration } from '@alt-las/time'

/** What is in the registry because of this run, so far. */
export interface Done {
  blobs: number
  readonly tags: string[]
}

export function nothingDone(): Done {
  return { blobs: 0, tags: [] }
}

/** One line that says what state is left. */
export function stateOf({ blobs, tags }: Done): string {
  if (tags.length > 0) return `set so far: ${tags.join(', ')}; no other tag moved`
  if (blobs === 0) return 'nothing was pushed'
  return `no tag moved; ${String(blobs)} ${blobs === 1 ? 'blob is' : 'blobs are'} in the registry, harmless`
}

export interface Ending {
  readonly done: Done
  readonly interrupted: AbortSignal
  readonly expired: AbortSignal
  /** ms */
  readonly timeout: number
}

/** The error as the reader needs it: with the state that is left, and why it ended where that was not the registry's doing. */
export function withState(error: unknown, { done, interrupted, expired, timeout }: Ending): unknown {
  const hint = 'run it again: only what is missing travels'
  if (interrupted.aborted) {
    const why = interrupted.reason instanceof Error ? interrupted.reason.message : 'interrupted'
    return new Failure('interrupted', `${why}: ${stateOf(done)}`, { fault: 'outside', hint })
  }
  if (expired.aborted) {
    const message = `not done within the timeout of ${formatDuration(timeout)}: ${stateOf(done)}`
    return new Failure('timeout', message, { fault: 'outside', hint })
  }
  if (!(error instanceof Failure) || (done.blobs === 0 && done.tags.length === 0)) return error
  const hints = [error.hint, stateOf(done), hint].filter((one) => one !== undefined)
  return new Failure(error.code, error.message, {
    fault: error.fault,
    cause: error.cause,
    hint: hints.join('; '),
  })
}

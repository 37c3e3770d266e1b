/** Who can fix it: the author of the inputs, the outside (network, cluster, tool), or us (a defect). */
export type Fault = 'input' | 'outside' | 'ours'

/**
 * The only exception class of this repository: something could not be done. A "no" (a failed scan, a bad canary) is an Outcome, never a Failure.
 * `code` is a closed union per package; `hint` is the remedy, in the imperative.
 */
export class Failure<Code extends string = string> extends Error {
  override readonly name = 'Failure'
  readonly code: Code
  readonly fault: Fault
  readonly hint: string | undefined
  /** Whether another try can help; undefined = unknown here, the cause decides. */
  readonly transient: boolean | undefined
  /** Earliest next try, in ms from now: a server's Retry-After. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: Code,
    message: string,
    options: {
      readonly fault: Fault
      readonly hint?: string
      readonly cause?: unknown
      readonly transient?: boolean
      readonly retryAfterMs?: number
    },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fault = options.fault
    this.hint = options.hint
    this.transient = options.transient
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Any thrown value as a Failure; an unclassified one counts as our own fault. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Failure('unexpected', message || 'an error without a message', {
    fault: 'ours',
    cause: thrown,
    hint: 'this is a defect of the action: please report it with the log of this step',
  })
}

/** One line for a person: the message, its causes and the remedy. */
export function describe(thrown: unknown): string {
  const failure = asFailure(thrown)
  const chain = [failure.message, ...causes(failure.cause)]
  const unique = chain.filter(
    (text, index) => text !== '' && !chain.slice(0, index).some((seen) => seen.includes(text)),
  )
  return unique.join(': ') + (failure.hint === undefined ? '' : `; ${failure.hint}`)
}

function causes(cause: unknown, depth = 0): readonly string[] {
  if (cause === undefined || cause === null || depth > 4) return []
  if (!(cause instanceof Error)) return [String(cause)]
  const code =
    'code' in cause && typeof cause.code === 'string' && !(cause instanceof Failure) ? ` (${cause.code})` : ''
  return [
    cause.message + (cause.message.includes(code.slice(2, -1)) ? '' : code),
    ...causes(cause.cause, depth + 1),
  ]
}

import { Failure } from '@alt-las/failure'
import { limitBytes } from './read-body.ts'

export interface Sent {
  /** The request, for a message. */
  readonly what: string
  readonly timeoutMs: number
  readonly unreachableHint: string
  /** Behind a proxy it is unknown who refused a connection. */
  readonly isDirect: boolean
  /** Status and headers had arrived. */
  readonly isAnswered: boolean
}

const notAccepted = ['http-refused', 'http-tls']

/** What an error says about the system. Where it took the connection and then failed it, that is an answer. */
export function classified(error: unknown, of: Sent): Failure {
  const code = error instanceof Failure ? error.code : ''
  const outside = { fault: 'outside' } as const
  if (code === 'http-timeout')
    return new Failure('no-answer', `${of.what}: no complete answer within ${of.timeoutMs} ms`, outside)
  if (code === 'http-too-large')
    return new Failure('broken-off', `${of.what}: the answer is larger than ${limitBytes >> 20} MiB`, {
      ...outside,
      cause: error,
    })
  if (code === 'http-protocol')
    return new Failure('broken-off', `${of.what}: the answer is not valid HTTP`, { ...outside, cause: error })
  if (of.isAnswered || code === 'http-reset')
    return new Failure('broken-off', `${of.what}: the connection was broken off`, {
      ...outside,
      cause: error,
    })
  const isRefused = of.isDirect && notAccepted.includes(code)
  return new Failure(isRefused ? 'not-accepted' : 'unreachable', `${of.what} cannot be sent`, {
    ...{ ...outside, cause: error },
    hint: of.unreachableHint,
  })
}

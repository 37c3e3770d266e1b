import type { ClientRequest } from 'node:http'

/**
 * Ends a request when the signal is aborted; its `error` is then a hang-up, the signal has the reason. Do not use the option `signal` of a
 * request with a kept-alive connection: an abort while the connection returns to its pool would be an uncaught exception.
 */
export function endWith(signal: AbortSignal, outgoing: ClientRequest): void {
  // Without an error: at that moment no listener handles errors of the connection.
  const abort = () => outgoing.destroy()
  signal.addEventListener('abort', abort)
  outgoing.on('close', () => {
    signal.removeEventListener('abort', abort)
  })
  if (signal.aborted) abort()
}

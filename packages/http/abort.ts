import type { ClientRequest } from 'node:http'

/**
 * Ends a request when the signal is aborted; its `error` is then a hang-up, the signal has the reason. Never the option `signal` of a
 * request with a kept-alive connection: an abort while that goes back to its pool would be an uncaught exception.
 */
export function endWith(signal: AbortSignal, outgoing: ClientRequest): void {
  // Without an error: in that moment nobody listens for errors of the connection.
  const abort = () => outgoing.destroy()
  signal.addEventListener('abort', abort)
  outgoing.on('close', () => {
    signal.removeEventListener('abort', abort)
  })
  if (signal.aborted) abort()
}

import type { ApiRequest, Http } from '@alt-las/api-tests'
import { Failure, describe, errorCode } from '@alt-las/failure'
import type { PassThrough } from '@alt-las/kubernetes'
import type { SmokeTarget } from '@alt-las/rollout'
import { uncarried } from './carried.ts'

/** Sends API tests to the pods through the API server. Its base URL only names the target. */
export function proxiedHttp(target: SmokeTarget, forward: PassThrough): Http {
  return {
    send: async (_baseUrl, request, { timeoutMs, signal }) => {
      const what = `${request.method} ${request.path}`
      // A captured value may hold what the proxy changes.
      const [why] = uncarried(request)
      if (why !== undefined) throw unsent(`${what} cannot be sent: ${why}`)
      try {
        return await forward.send(target, {
          ...request,
          method: methodOf(request),
          headers: { 'user-agent': 'alt-las-smoke', ...request.headers },
          timeoutMs,
          ...(signal === undefined ? {} : { signal }),
        })
      } catch (error) {
        signal?.throwIfAborted()
        throw classified(error, { what, timeoutMs })
      }
    },
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function methodOf({ method }: ApiRequest): (typeof methods)[number] {
  const known = methods.find((one) => one === method)
  if (known === undefined) throw unsent(`the method ${method} cannot be sent`)
  return known
}

function classified(
  error: unknown,
  { what, timeoutMs }: { readonly what: string; readonly timeoutMs: number },
) {
  if (errorCode(error) === 'timeout')
    return new Failure('no-answer', `${what}: no complete answer within ${timeoutMs} ms`, {
      fault: 'outside',
    })
  const said = describe(error)
  // The API server's words for a connection that was there.
  if (said.includes('error trying to reach service') && !said.includes('dial tcp'))
    return new Failure('broken-off', `${what}: the connection was broken off: ${said}`, { fault: 'outside' })
  const failure = errorCode(error) === 'unavailable' ? unreachable : unsent
  return failure(`${what} did not reach the new version: ${said}`)
}

const unsent = (message: string): Failure => new Failure('not-sent', message, { fault: 'outside' })
/** May heal: the API server does not reach the pods yet. */
const unreachable = (message: string): Failure => new Failure('unreachable', message, { fault: 'outside' })

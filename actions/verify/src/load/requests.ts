import { fill, matches, type ApiRequest, type ApiTest, type Http, type Variables } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import type { LoadTarget, Send } from '@alt-las/load'

/** A request of the load, and the status patterns that count as success. */
export interface LoadRequest extends ApiRequest {
  readonly status: readonly string[]
}

export interface LoadSender {
  readonly send: Send<LoadRequest>
  /** Throws a Failure where not one request has reached the system: then nothing was measured. */
  mustHaveReached(): void
}

const unreached = ['unreachable', 'not-accepted']

export function loadSender(
  { url, timeoutMs }: { readonly url: URL; readonly timeoutMs: number },
  { http, interrupted }: { readonly http: Http; readonly interrupted: AbortSignal },
): LoadSender {
  let hasReached = false
  let last: Failure | null = null
  return {
    send: async (request) => {
      try {
        const options = { timeoutMs, signal: interrupted, skipBody: true }
        const { status } = await http.send(url, request, options)
        hasReached = true
        const isGood = request.status.some((pattern) => matches(pattern, status))
        return isGood ? null : { reason: `status ${status}` }
      } catch (error) {
        if (error instanceof Failure && unreached.includes(error.code)) last = error
        else hasReached = true
        throw error
      }
    },
    mustHaveReached: () => {
      if (hasReached || last === null) return
      const what = `not one request reached ${url.href}`
      throw new Failure(last.code, what, { fault: 'outside', cause: last })
    },
  }
}

/** The tests that take part in the load, with captured values filled in; `GET /` where none does. Throws Failure `no-load-target`. */
export function loadTargets(
  tests: readonly ApiTest[],
  variables: Variables,
): readonly LoadTarget<LoadRequest>[] {
  const chosen = tests.filter((test) => test.loadWeight > 0)
  if (chosen.length === 0) {
    const request = { method: 'GET', path: '/', headers: {}, body: null, status: ['1xx', '2xx', '3xx'] }
    return [{ name: 'GET /', request, weight: 1 }]
  }
  return chosen.map(({ name, request, expect, loadWeight }) => {
    const filled = fill(request, variables)
    if (filled.kind === 'missing')
      throw new Failure(
        'no-load-target',
        `${name} takes part in the load, but no answer gave ${filled.names.join(', ')}`,
        { fault: 'outside' },
      )
    return { name, request: { ...filled.request, status: expect.status }, weight: loadWeight }
  })
}

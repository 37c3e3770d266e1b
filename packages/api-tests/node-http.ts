import { Failure } from '@alt-las/failure'
import { fetchAll, proxyFor, systemHttp } from '@alt-las/http'
import { urlBelow, type Http } from './http.ts'

export interface HttpOptions {
  /** At most so many connections are open at once; further requests wait, and their waiting is part of their latency. */
  readonly connections: number
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY as the runner has them. */
  readonly proxyEnv: NodeJS.ProcessEnv
  /** Sent as `user-agent` where a test names none. */
  readonly userAgent: string
  /** What to check where the system cannot be reached. */
  readonly unreachableHint: string
  /** Told of each credential that a test sends. */
  readonly hide?: (secrets: readonly string[]) => void
}

const limitBytes = 16 * 1024 * 1024
/** The system took the connection and then failed it: that is an answer about the system. */
const brokenOff = ['http-reset', 'http-protocol']
const notAccepted = ['http-refused', 'http-tls']

/** Kept-alive connections; certificates are trusted as NODE_EXTRA_CA_CERTS extends Node's own. */
export function nodeHttp(options: HttpOptions): Http & { close(): void } {
  const { connections, proxyEnv, hide, userAgent, unreachableHint } = options
  const http = systemHttp({ connections, variables: proxyEnv, hide })
  return {
    close: () => {
      http.close()
    },
    send: async (baseUrl, { method, path, headers, body }, { timeoutMs, signal }) => {
      const url = urlBelow(baseUrl, path)
      const request = { method, url, headers: { 'user-agent': userAgent, ...headers } }
      const limits = { deadlineMs: timeoutMs, idleMs: timeoutMs, limitBytes }
      const begun = performance.now()
      try {
        const answer = await fetchAll(
          http,
          { ...request, ...(body === null ? {} : { body }) },
          { ...limits, ...(signal === undefined ? {} : { signal }) },
        )
        const text = Buffer.from(answer.bytes).toString('utf8')
        return {
          status: answer.status,
          headers: answer.headers,
          body: text,
          ms: performance.now() - begun,
        }
      } catch (error) {
        signal?.throwIfAborted()
        const isDirect = proxyFor(url, proxyEnv) === null
        throw classified(error, { what: `${method} ${url.href}`, timeoutMs, isDirect, unreachableHint })
      }
    },
  }
}

interface Sent {
  readonly what: string
  readonly timeoutMs: number
  readonly unreachableHint: string
  /** Behind a proxy it is unknown who refused a connection. */
  readonly isDirect: boolean
}

function classified(error: unknown, of: Sent): Failure {
  const code = error instanceof Failure ? error.code : ''
  if (code === 'http-timeout')
    return new Failure('no-answer', `${of.what}: no complete answer within ${of.timeoutMs} ms`, {
      fault: 'outside',
    })
  if (code === 'http-too-large')
    return new Failure('broken-off', `${of.what}: the answer is larger than ${limitBytes >> 20} MiB`, {
      fault: 'outside',
      cause: error,
    })
  if (brokenOff.includes(code))
    return new Failure('broken-off', `${of.what}: the connection was broken off`, {
      fault: 'outside',
      cause: error,
    })
  const isRefused = of.isDirect && notAccepted.includes(code)
  return new Failure(isRefused ? 'not-accepted' : 'unreachable', `${of.what} cannot be sent`, {
    fault: 'outside',
    cause: error,
    hint: of.unreachableHint,
  })
}

import { proxyFor, systemHttp } from '@alt-las/http'
import { urlBelow, type Http } from './http.ts'
import { limitBytes, readBody, textOf } from './read-body.ts'
import { classified } from './send-failure.ts'

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

/** Kept-alive connections; certificates are trusted as NODE_EXTRA_CA_CERTS extends Node's own. */
export function nodeHttp(options: HttpOptions): Http & { close(): void } {
  const { connections, proxyEnv, hide, userAgent, unreachableHint } = options
  const http = systemHttp({ connections, variables: proxyEnv, hide })
  let lastAnswer = performance.now()
  return {
    close: () => {
      http.close()
    },
    send: async (baseUrl, { method, path, headers, body }, { timeoutMs, signal, skipBody }) => {
      const url = urlBelow(baseUrl, path)
      const request = {
        ...{ method, url, headers: { 'user-agent': userAgent, ...headers } },
        ...(body === null ? {} : { body }),
      }
      const idleForMs = performance.now() - lastAnswer
      const limits = { deadlineMs: timeoutMs, idleMs: timeoutMs, limitBytes, ...onKept(method, idleForMs) }
      const begun = performance.now()
      let isAnswered = false
      try {
        const answer = await http.send(request, { ...limits, ...(signal === undefined ? {} : { signal }) })
        isAnswered = true
        const { status, headers: answered, cookies } = answer
        const read = await readBody(answer)
        lastAnswer = performance.now()
        const text = skipBody === true ? { body: '' } : await textOf(read, answered)
        return { status, headers: answered, cookies, ms: lastAnswer - begun, ...text }
      } catch (error) {
        signal?.throwIfAborted()
        const isDirect = proxyFor(url, proxyEnv) === null
        const sent = { what: `${method} ${url.href}`, timeoutMs, isDirect, unreachableHint, isAnswered }
        throw classified(error, sent)
      }
    },
  }
}

const idempotent = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']
/** No server closes a connection earlier. */
const safelyIdleMs = 500

/** A server may close a kept connection at any time: what must not be done twice is never sent on one that has been idle. */
function onKept(method: string, idleForMs: number) {
  if (idempotent.includes(method)) return { repeatIfClosed: true }
  return idleForMs > safelyIdleMs ? { fresh: true } : {}
}

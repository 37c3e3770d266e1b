import { Failure } from '@alt-las/failure'
import { fetchAll, systemHttp } from '@alt-las/http'
import { urlBelow, type Http } from './http.ts'

export interface HttpOptions {
  /** At most so many connections are open at once; further requests wait, and their waiting is part of their latency. */
  readonly connections: number
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY as the runner has them. */
  readonly proxyEnv: NodeJS.ProcessEnv
  /** Told of each credential that a test sends. */
  readonly hide?: (secrets: readonly string[]) => void
}

const limitBytes = 16 * 1024 * 1024
/** The system took the connection and then failed it: that is an answer about the system. */
const brokenOff = ['http-reset', 'http-protocol']

/** Kept-alive connections; certificates are trusted as NODE_EXTRA_CA_CERTS extends Node's own. */
export function nodeHttp({ connections, proxyEnv, hide }: HttpOptions): Http & { close(): void } {
  const http = systemHttp({ connections, variables: proxyEnv, hide })
  return {
    close: () => {
      http.close()
    },
    send: async (baseUrl, { method, path, headers, body }, { timeoutMs, signal }) => {
      const url = urlBelow(baseUrl, path)
      const request = { method, url, headers: { 'user-agent': 'alt-las-verify', ...headers } }
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
        throw classified(error, { what: `${method} ${url.href}`, timeoutMs })
      }
    },
  }
}

function classified(error: unknown, of: { readonly what: string; readonly timeoutMs: number }): Failure {
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
  return new Failure('unreachable', `${of.what} cannot be sent`, {
    fault: 'outside',
    cause: error,
    hint: 'check the input `url`, its name resolution from this runner, and NODE_EXTRA_CA_CERTS where the certificate is private',
  })
}

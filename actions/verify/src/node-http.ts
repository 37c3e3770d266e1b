import http from 'node:http'
import https from 'node:https'
import { Failure } from '@alt-las/failure'
import { endWith } from '@alt-las/registry'
import type { Http, Reply } from './http.ts'

export interface HttpOptions {
  /** At most so many connections are open at once; further requests wait, and their waiting is part of their latency. */
  readonly connections: number
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY as the runner has them. */
  readonly proxyEnv: NodeJS.ProcessEnv
}

const largestBody = 16 * 1024 * 1024
/** The system took the connection and then failed it: that is an answer about the system. */
const brokenOff = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT', 'ERR_STREAM_PREMATURE_CLOSE'])

/** node:http and node:https with kept-alive connections; certificates are trusted as NODE_EXTRA_CA_CERTS extends Node's own. */
export function nodeHttp(options: HttpOptions): Http & { close(): void } {
  const settings = { keepAlive: true, maxSockets: options.connections, proxyEnv: options.proxyEnv }
  const agents = { 'http:': new http.Agent(settings), 'https:': new https.Agent(settings) }
  return {
    close: () => {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
    send: async (baseUrl, request, { timeoutMs, signal }) => {
      const url = new URL(baseUrl.pathname.replace(/\/$/, '') + request.path, baseUrl)
      const secure = url.protocol === 'https:'
      const limit = AbortSignal.any([
        AbortSignal.timeout(timeoutMs),
        ...(signal === undefined ? [] : [signal]),
      ])
      const begun = performance.now()
      try {
        return await exchange(
          (secure ? https : http).request(url, {
            method: request.method,
            headers: { 'user-agent': 'alt-las-verify', ...request.headers, ...lengthOf(request.body) },
            agent: secure ? agents['https:'] : agents['http:'],
          }),
          { body: request.body, begun, limit },
        )
      } catch (error) {
        signal?.throwIfAborted()
        throw classified(limit.aborted ? limit.reason : error, {
          what: `${request.method} ${url.href}`,
          timeoutMs,
        })
      }
    },
  }
}

function lengthOf(body: string | null): Record<string, string> {
  return body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

function exchange(
  request: http.ClientRequest,
  {
    body,
    begun,
    limit,
  }: { readonly body: string | null; readonly begun: number; readonly limit: AbortSignal },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      let size = 0
      response.on('error', reject)
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size <= largestBody) {
          parts.push(part)
          return
        }
        reject(new Error(`the answer is larger than ${String(largestBody)} bytes`))
        request.destroy()
      })
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: flat(response.headers),
          body: Buffer.concat(parts).toString('utf8'),
          ms: performance.now() - begun,
        })
      })
    })
    endWith(limit, request)
    request.end(body ?? undefined)
  })
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function classified(error: unknown, of: { readonly what: string; readonly timeoutMs: number }): Failure {
  const { name, code = '' } = error as { readonly name?: string; readonly code?: string }
  if (name === 'TimeoutError')
    return new Failure('no-answer', `${of.what}: no complete answer within ${String(of.timeoutMs)} ms`, {
      fault: 'outside',
    })
  if (brokenOff.has(code))
    return new Failure('broken-off', `${of.what}: the connection was broken off (${code})`, {
      fault: 'outside',
      cause: error,
    })
  return new Failure('unreachable', `${of.what} cannot be sent`, {
    fault: 'outside',
    cause: error,
    hint: 'check the input `url`, its name resolution from this runner, and NODE_EXTRA_CA_CERTS where the certificate is private',
  })
}

import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { endWith } from './abort.ts'

/** Content that can be sent again: it is opened anew for each try. */
export interface Body {
  /** Bytes. */
  readonly size: number
  open(): Readable
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Body
  /** The request fails when no byte moves for so many ms. */
  readonly idleMs: number
  readonly signal?: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names; a repeated header is one text, joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** Must be read or destroyed. */
  readonly body: Readable
}

/**
 * One request, one answer: no redirect is followed, nothing is tried again, every status is an answer. Throws what the socket throws, or
 * the signal's reason.
 */
export interface Http {
  send(request: HttpRequest): Promise<HttpResponse>
}

/**
 * HTTP over node's own client, not fetch: a body of known length is streamed with Content-Length, an answer that comes before the body's
 * end is seen, and an agent takes proxies from variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) without a flag of the process.
 */
export function systemHttp(variables: Readonly<Record<string, string | undefined>>): Http {
  const options = { keepAlive: true, proxyEnv: variables }
  const plain = new HttpAgent(options)
  const secure = new HttpsAgent(options)
  return {
    send: ({ method, url, headers, body, idleMs, signal }) =>
      new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:'
        const length = body === undefined ? (method === 'POST' || method === 'PUT' ? 0 : null) : body.size
        const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
          method,
          agent: isSecure ? secure : plain,
          headers: { ...headers, ...(length === null ? {} : { 'content-length': String(length) }) },
          timeout: idleMs,
        })
        const fail = (error: unknown) => {
          reject((signal?.aborted === true ? signal.reason : error) as Error)
        }
        outgoing.on('timeout', () => outgoing.destroy(idle(url, idleMs)))
        outgoing.on('error', fail)
        outgoing.on('response', (incoming) => {
          resolve({ status: incoming.statusCode ?? 0, headers: flat(incoming), body: incoming })
        })
        if (signal !== undefined) endWith(signal, outgoing)
        if (body === undefined) outgoing.end()
        else feed(body.open(), outgoing, fail)
      }),
  }
}

/** The whole of an answer's body; throws Failure `registry-broken` where it is longer than `limit` bytes. */
export async function readAll(body: Readable, limit = 8 * 1024 * 1024): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) {
      throw new Failure('registry-broken', `an answer is longer than ${String(limit)} bytes`, {
        fault: 'outside',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

// A server may answer before it has read the body, and hang up: then the answer counts, not the broken pipe.
function feed(source: Readable, outgoing: ClientRequest, fail: (error: unknown) => void): void {
  let answered = false
  outgoing.on('response', (incoming) => {
    answered = true
    incoming.on('close', () => source.destroy())
  })
  pipeline(source, outgoing, (error) => {
    if (error && !answered) fail(error)
  })
}

function idle(url: URL, ms: number): Error {
  return Object.assign(new Error(`no byte moved to or from ${url.host} for ${String(ms / 1000)} s`), {
    code: 'ETIMEDOUT',
  })
}

function flat(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers)
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

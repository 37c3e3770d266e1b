import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { pipeline, Readable, Transform } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { endWith } from './abort.ts'
import type { Body, HttpRequest, HttpResponse, SendOptions } from './http.ts'
import { httpFailure, timedOut, tooLarge } from './http-failure.ts'

export interface Route {
  /** Throws if the proxy's address is invalid. */
  readonly agent: () => Agent | false
  /** For a connection of its own. */
  readonly freshAgent: () => Agent | false
  /** node:tls' names. */
  readonly tls: Readonly<Record<string, unknown>>
  /** The deadline on the monotonic clock, ms; null for none. */
  readonly until: number | null
}

/** As much as browsers take; Node's own limit is 16 KiB. */
const maxHeaderSize = 256 * 1024

/** One request on the wire and the head of its answer; the deadline also covers the body. */
export async function exchange(
  request: HttpRequest,
  options: SendOptions,
  route: Route,
): Promise<HttpResponse> {
  const kept = { isStale: false }
  try {
    return await exchangeOnce(request, options, { ...route, kept })
  } catch (error) {
    if (!kept.isStale || options.repeatIfClosed !== true || options.signal?.aborted === true) throw error
    return exchangeOnce(request, options, { ...route, agent: route.freshAgent, kept })
  }
}

/** `kept.isStale` is set where a kept connection closed before any byte of the answer. */
type Try = Route & { readonly kept: { isStale: boolean } }

function exchangeOnce(request: HttpRequest, options: SendOptions, route: Try): Promise<HttpResponse> {
  const { url, method } = request
  const { signal, idleMs = 90_000, limitBytes = Infinity } = options
  return new Promise((resolve, reject) => {
    const body = bodyOf(request)
    const isSecure = url.protocol === 'https:'
    const outgoing = begun(url, () =>
      (isSecure ? httpsRequest : httpRequest)(url, {
        ...(isSecure ? route.tls : {}),
        method,
        agent: route.agent(),
        headers: { 'user-agent': 'alt-las-delivery', ...request.headers, ...lengthOf(method, body) },
        timeout: idleMs,
        maxHeaderSize,
      }),
    )
    let why: Failure | null = null
    // Without an error: no listener handles one while a connection returns to its pool.
    const end = (failure: Failure) => {
      why ??= failure
      outgoing.destroy()
    }
    const ended = () => (signal?.aborted === true ? (signal.reason as Error) : why)
    const explained = (error: unknown) => ended() ?? httpFailure(url, error)
    const isUnanswered = untilFirstByte(outgoing)
    const fail = (error: unknown) => {
      const failure = explained(error)
      route.kept.isStale = ended() === null && isUnanswered() && isReset(failure)
      reject(failure)
    }
    const stopClock = startClock(route.until, () => {
      end(timedOut(url, options.deadlineMs ?? 0, 'no complete answer'))
    })
    outgoing.on('timeout', () => {
      end(timedOut(url, idleMs, 'no byte'))
    })
    outgoing.on('error', fail)
    outgoing.on('close', stopClock)
    outgoing.on('upgrade', (incoming, socket) => {
      socket.destroy()
      resolve({ ...headOf(incoming, url), body: Readable.from([]) })
    })
    outgoing.on('response', (incoming) => {
      const limit = method === 'HEAD' ? Infinity : limitBytes
      if (Number(incoming.headers['content-length'] ?? 0) > limit) end(tooLarge(url, limit))
      resolve({
        ...headOf(incoming, url),
        body: gated(incoming, { url, limit, ended, explained }),
      })
    })
    if (signal !== undefined) endWith(signal, outgoing)
    if (body === null) outgoing.end()
    else feed(body.open(), outgoing, fail)
  })
}

/** Node throws synchronously for an invalid header, key or proxy address. */
function begun(url: URL, start: () => ClientRequest): ClientRequest {
  try {
    return start()
  } catch (error) {
    throw httpFailure(url, error)
  }
}

function bodyOf({ body }: HttpRequest): Body | null {
  if (body === undefined) return null
  if (typeof body === 'object' && 'open' in body) return body
  const bytes = Buffer.from(body)
  return { size: bytes.length, open: () => Readable.from(bytes.length === 0 ? [] : [bytes]) }
}

function lengthOf(method: string, body: Body | null): Record<string, string> {
  if (body !== null) return { 'content-length': `${body.size}` }
  return ['POST', 'PUT', 'PATCH'].includes(method) ? { 'content-length': '0' } : {}
}

function startClock(until: number | null, late: () => void): () => void {
  if (until === null) return () => undefined
  const timer = setTimeout(late, Math.max(0, until - performance.now()))
  return () => {
    clearTimeout(timer)
  }
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

interface Gate {
  readonly url: URL
  readonly limit: number
  /** Why we ended the request; null if we did not. */
  readonly ended: () => Error | null
  readonly explained: (error: unknown) => Error
}

/** The body for its reader: at most the limit, and an error with a code if it breaks off. */
function gated(incoming: IncomingMessage, { url, limit, ended, explained }: Gate): Readable {
  let size = 0
  const gate = new Transform({
    transform(chunk: Uint8Array, _, done) {
      size += chunk.length
      if (size > limit) done(tooLarge(url, limit))
      else done(null, chunk)
    },
    // An ended request drops the received data, and its answer then looks complete.
    flush(done) {
      done(ended())
    },
  })
  // Without a reader an error would be uncaught.
  gate.on('error', () => undefined)
  gate.on('close', () => {
    if (!incoming.readableEnded) incoming.destroy()
  })
  incoming.on('error', (error) => gate.destroy(explained(error)))
  return incoming.pipe(gate)
}

function headOf(incoming: IncomingMessage, url: URL): Omit<HttpResponse, 'body'> {
  const { statusCode: status = 0, headers } = incoming
  return { status, headers: flat(incoming), cookies: headers['set-cookie'] ?? [], url }
}

/** Whether a connection that had been used before has given no byte for this request. */
function untilFirstByte(outgoing: ClientRequest): () => boolean {
  let socket: Socket | null = null
  let readBefore = 0
  outgoing.on('socket', (given) => {
    socket = given
    readBefore = given.bytesRead
  })
  return () => outgoing.reusedSocket && socket?.bytesRead === readBefore
}

const isReset = (error: unknown): boolean => error instanceof Failure && error.code === 'http-reset'

function flat({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

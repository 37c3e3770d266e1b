import { Failure } from '@alt-las/failure'
import { retry, type Attempt, type Clock } from '@alt-las/time'
import type { Credentials } from './credentials.ts'
import { errorCode } from './error-code.ts'
import { checkedTarget, endpointOf } from './endpoint.ts'
import { readAll, type Body, type Http, type HttpRequest, type HttpResponse } from './http.ts'
import { refusal, unreachable } from './refusal.ts'
import { authorize } from './token.ts'

export interface SessionOptions {
  readonly registry: string
  readonly credentials: Credentials | null
  /** Tries of each deed, at least 1. */
  readonly attempts: number
  readonly signal?: AbortSignal
  readonly onRetry?: (line: string) => void
}

export interface SessionPorts {
  readonly http: Http
  readonly clock: Clock
  /** 0..1, for the jitter of pauses. */
  readonly random?: () => number
}

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** A path of the registry, or where it sent us to. */
  readonly to: string | URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  /** What the token must allow: `repository:alt-las/x:pull,push`. */
  readonly scopes: readonly string[]
  /** Statuses that are an answer; any other one throws. */
  readonly expect: readonly number[]
}

/** One registry, one identity. */
export interface Session {
  readonly base: URL
  /** One try, redirects and a token included; the answer's body is still to be read. */
  call(call: Call): Promise<HttpResponse>
  /** Does `work` again while it can heal. */
  again<T>(what: string, work: (attempt: number) => Promise<T>): Promise<T>
}

const idleMs = 90_000
const mostRedirects = 5
const redirects = [301, 302, 303, 307, 308]
const healing = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'HPE_INVALID_EOF_STATE',
]

export function openSession(options: SessionOptions, ports: SessionPorts): Session {
  const base = endpointOf(options.registry)
  const { credentials, signal } = options
  const tokens = new Map<string, string>()
  const askedToWait = new WeakMap<object, number>()

  const send = (request: Omit<HttpRequest, 'idleMs' | 'signal'>): Promise<HttpResponse> =>
    reach(request.url, () =>
      ports.http.send({
        ...request,
        headers: { 'user-agent': 'alt-las-delivery', ...request.headers },
        idleMs,
        ...(signal === undefined ? {} : { signal }),
      }),
    )

  const follow = async (one: Call, authorization: string | undefined): Promise<HttpResponse> => {
    let url = addressOf(one, base)
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      // The token is for the registry alone: storage behind a redirect has a signed address of its own.
      const own = authorization !== undefined && url.origin === base.origin ? { authorization } : {}
      const body = one.body === undefined ? {} : { body: one.body }
      const response = await send({ method: one.method, url, headers: { ...one.headers, ...own }, ...body })
      const location = response.headers['location']
      if (!redirects.includes(response.status) || location === undefined) return response
      await discard(response)
      url = checkedTarget(location, url)
    }
    throw new Failure('registry-broken', `${base.host} sends us round in circles`, { fault: 'outside' })
  }

  const renew = async (one: Call, response: HttpResponse): Promise<string | null> => {
    const header = response.headers['www-authenticate'] ?? ''
    // A token server is asked directly: following a redirect would carry the credentials elsewhere.
    const authorization = await authorize({ header, scopes: one.scopes, credentials, base }, (request) =>
      send(request),
    )
    if (authorization !== null) tokens.set(one.scopes.join(' '), authorization)
    return authorization
  }

  const refuse = async (one: Call, response: HttpResponse): Promise<never> => {
    const { method } = one
    const { status, headers } = response
    const text = await textOf(response)
    const failure = refusal({ method, url: addressOf(one, base), status, text, known: credentials !== null })
    const wait = retryAfter(headers['retry-after'], ports.clock.now())
    if (wait !== null) askedToWait.set(failure, wait)
    throw failure
  }

  const call = async (one: Call): Promise<HttpResponse> => {
    let response = await follow(one, tokens.get(one.scopes.join(' ')))
    if (response.status === 401) {
      const authorization = await renew(one, response)
      if (authorization === null) return refuse(one, response)
      await discard(response)
      response = await follow(one, authorization)
    }
    return one.expect.includes(response.status) ? response : refuse(one, response)
  }

  const classify = (error: unknown): Attempt => {
    const afterMs = error instanceof Failure ? askedToWait.get(error) : undefined
    return { heals: heals(error), ...(afterMs === undefined ? {} : { afterMs }) }
  }

  return {
    base,
    call,
    again: (what, work) => {
      const { attempts, onRetry } = options
      const wanted = {
        what,
        attempts,
        classify,
        ...(ports.random === undefined ? {} : { random: ports.random }),
        ...(signal === undefined ? {} : { signal }),
        ...(onRetry === undefined ? {} : { onRetry }),
      }
      return retry(work, wanted, ports.clock)
    },
  }
}

function addressOf({ to }: Call, base: URL): URL {
  return typeof to === 'string' ? new URL(to, base) : to
}

/** Reads an answer's body to its end, so that its connection can be used again. */
export async function discard(response: HttpResponse): Promise<void> {
  await readAll(response.body).catch(() => undefined)
}

async function textOf(response: HttpResponse): Promise<string> {
  try {
    return new TextDecoder().decode(await readAll(response.body, 64 * 1024))
  } catch {
    return ''
  }
}

async function reach(url: URL, send: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await send()
  } catch (error) {
    throw unreachable(url, error)
  }
}

function heals(error: unknown): boolean {
  if (!(error instanceof Failure)) return hasHealingCode(error)
  return (
    error.code === 'registry-busy' || (error.code === 'registry-unreachable' && hasHealingCode(error.cause))
  )
}

function hasHealingCode(error: unknown): boolean {
  // Several addresses of a host that all failed come as one error with a list.
  if (error instanceof AggregateError && error.errors.some(hasHealingCode)) return true
  return healing.includes(errorCode(error) ?? '')
}

/** Retry-After in seconds or as a date, in ms from now; at most two minutes. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 120_000) : null
}

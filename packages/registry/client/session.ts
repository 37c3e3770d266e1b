import {
  readAll,
  type Body,
  type Http,
  type HttpRequest,
  type HttpResponse,
  type SendOptions,
} from '@alt-las/http'
import { isTransientStatus, parseRetryAfter, retry, type Clock } from '@alt-las/time'
import type { Credentials } from '../credentials/credentials.ts'
import { endpointOf } from './endpoint.ts'
import { refusal, unreachable } from './refusal.ts'
import { authorize } from './token.ts'

export interface SessionOptions {
  readonly registry: string
  readonly credentials: Credentials | null
  /** Tries of each operation, at least 1. */
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
  /** A path of the registry, or the target of its redirect. */
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
  /** One try, redirects and a token included; the caller reads the answer's body. */
  call(call: Call): Promise<HttpResponse>
  /** Repeats `work` while its failure is transient. */
  again<T>(what: string, work: (attempt: number) => Promise<T>): Promise<T>
}

/** The registry's answer to a HEAD. Some do not support it: 405, 501, or 404 although GET finds it. */
export interface HeadSupport {
  manifests: boolean
  blobs: boolean
}

const idleMs = 90_000

export function openSession(options: SessionOptions, ports: SessionPorts): Session {
  const base = endpointOf(options.registry)
  const { credentials, signal } = options
  const tokens = new Map<string, string>()
  let root: Promise<string> | null = null

  const send = async (request: HttpRequest, redirects: SendOptions['redirects']): Promise<HttpResponse> => {
    try {
      const rule = redirects === undefined ? {} : { redirects }
      return await ports.http.send(request, { idleMs, ...rule, ...(signal === undefined ? {} : { signal }) })
    } catch (error) {
      throw unreachable(request.url, error)
    }
  }

  const follow = (one: Call, authorization: string | undefined): Promise<HttpResponse> => {
    const url = addressOf(one, base)
    // The token is for the registry alone: the target of a redirect has a signed address.
    const own = authorization !== undefined && url.origin === base.origin ? { authorization } : {}
    const body = one.body === undefined ? {} : { body: one.body }
    const request = { method: one.method, url, headers: { ...one.headers, ...own }, ...body }
    return send(request, 'any-without-credentials')
  }

  const renew = async (one: Call, header: string): Promise<string | undefined> => {
    const demand = { header, scopes: one.scopes, credentials, base, now: ports.clock.now() }
    // A token server is asked directly: a followed redirect would send the credentials elsewhere.
    const authorization = await authorize(demand, (request) => send(request, 'none'))
    if (authorization === null) return undefined
    tokens.set(one.scopes.join(' '), authorization)
    return authorization
  }

  const refuse = async (one: Call, response: HttpResponse): Promise<never> => {
    const { status, headers, url } = response
    const retryAfterMs = parseRetryAfter(headers['retry-after'], ports.clock.now())
    const text = await textOf(response)
    const elsewhere = url.origin === base.origin ? {} : { sentBy: base.host }
    const known = credentials !== null
    throw refusal({ method: one.method, url, status, text, known, retryAfterMs, ...elsewhere })
  }

  // Some registries answer 403 or 404 to anonymous requests, and ask for credentials at their root only.
  const introduce = async (one: Call): Promise<string | undefined> => {
    const request = { ...one, method: 'GET', to: '/v2/' } as const
    root ??= send({ method: 'GET', url: addressOf(request, base) }, 'none').then(async (response) => {
      // A busy registry has not said yet whether it asks for credentials.
      if (isTransientStatus(response.status)) return refuse(request, response)
      await discard(response)
      return response.status === 401 ? (response.headers['www-authenticate'] ?? '') : ''
    })
    const header = await root.catch((error: unknown) => {
      root = null
      throw error
    })
    return header === '' ? undefined : renew(one, header)
  }

  const call = async (one: Call): Promise<HttpResponse> => {
    const known = tokens.get(one.scopes.join(' '))
    let response = await follow(one, known ?? (credentials === null ? undefined : await introduce(one)))
    // Only the registry itself may ask for credentials.
    if (response.status === 401 && response.url.origin === base.origin) {
      const authorization = await renew(one, response.headers['www-authenticate'] ?? '')
      if (authorization === undefined) return refuse(one, response)
      await discard(response)
      response = await follow(one, authorization)
    }
    return one.expect.includes(response.status) ? response : refuse(one, response)
  }

  return {
    base,
    call,
    again: (what, work) => {
      const { attempts, onRetry } = options
      const wanted = {
        what,
        attempts,
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
  await readAll(response).catch(() => undefined)
}

async function textOf(response: HttpResponse): Promise<string> {
  try {
    return new TextDecoder().decode(await readAll(response, 64 * 1024))
  } catch {
    return ''
  }
}

import { Failure } from '@alt-las/failure'
import {
  decodeContent,
  fetchAll,
  readAll,
  readLines,
  systemHttp,
  type Answer as HttpAnswer,
  type Http,
  type HttpRequest,
} from '@alt-las/http'
import { parseRetryAfter, type Clock } from '@alt-las/time'
import { toServerJson } from './exact-json.ts'
import { identityOf, load, type Identity, type ClientEnvironment } from './identity.ts'
import type { ApiTarget } from './kubeconfig.ts'

export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Begins with `/`; holds the query. */
  readonly path: string
  readonly contentType?: string
  /** Written as JSON. */
  readonly body?: unknown
  /** Sent as it is, with these headers; never beside `body`. Credentials of the connection win over them. */
  readonly raw?: { readonly headers: Readonly<Record<string, string>>; readonly body: string | null }
  /** Until the whole answer is read. Default 15 s. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly text: string
  /** Of a raw request; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  /** Of a raw request: the values of `set-cookie`. */
  readonly cookies?: readonly string[]
  /** Of a raw request: why its body could not be decoded, as the rest of a sentence. */
  readonly unread?: string
  /** From Retry-After, in ms. */
  readonly retryAfterMs?: number
}

/** The wire: one request, one answer, no retry, no reading of it. Failure `unavailable` or `timeout` where there is no answer. */
export interface Connection {
  ask(request: Ask): Promise<Answer>
  /** Lines of a long answer, as they come; ends when the server ends it. A status other than 200 is the one `Answer`. Quiet for `quietMs`: `unavailable`. */
  stream(path: string, signal: AbortSignal, quietMs: number): AsyncIterable<string | Answer>
  close(): void
}

const usualMs = 15_000
/** 64 MiB: a page of 500 objects of the usual size has some 5. */
const mostBytes = 64 * 1024 * 1024

export function connection(target: ApiTarget, world: ClientEnvironment): Connection {
  const { clock } = world
  const identify = identityOf(target, world)
  const senders = senderOf(target, world)
  const ask = async (request: Ask, until: number, fresh: boolean): Promise<Answer> => {
    const identity = await identify({ fresh })
    const http = await senders.of(identity)
    const deadlineMs = until - clock.elapsed()
    // A request whose time is over must not be sent.
    if (deadlineMs <= 0) throw noAnswerIn(request.timeoutMs ?? usualMs, target)
    const { signal } = request
    const options = { deadlineMs, limitBytes: mostBytes, ...(signal === undefined ? {} : { signal }) }
    const answer = await fetchAll(http, requestOf(target, request, identity), options)
    return request.raw === undefined ? answerOf(answer, clock) : rawAnswerOf(answer, clock)
  }
  return {
    ask: async (request) => {
      const ms = request.timeoutMs ?? usualMs
      const until = clock.elapsed() + ms
      try {
        const first = await ask(request, until, false)
        // A plugin's credential may have been revoked before its expiry.
        const stale = first.status === 401 && target.credentials.exec !== undefined
        return stale ? await ask(request, until, true) : first
      } catch (error) {
        throw late(error) ? noAnswerIn(ms, target) : unreachable(error, target)
      }
    },
    stream: async function* (path, signal, quietMs) {
      try {
        const identity = await identify()
        const http = await senders.of(identity)
        // Its own connection, since it is held for long and the pool is limited.
        const options = { signal, idleMs: quietMs, fresh: true }
        const response = await http.send(requestOf(target, { method: 'GET', path }, identity), options)
        if (response.status === 200) yield* readLines(response)
        else yield answerOf({ ...response, bytes: await readAll(response) }, clock)
      } catch (error) {
        if (!signal.aborted) throw unreachable(error, target)
      }
    },
    close: senders.close,
  }
}

/** One sender for each client certificate: a plugin may renew it. */
function senderOf(target: ApiTarget, { environment, hide }: ClientEnvironment) {
  const open = new Map<string, Promise<Http & { close(): void }>>()
  const create = async ({ certificate, key }: Identity) =>
    systemHttp({
      variables: environment,
      hide,
      connections: 16,
      insecure: target.insecure,
      ...(target.proxy === undefined ? {} : { proxy: target.proxy }),
      ...(target.serverName === undefined ? {} : { serverName: target.serverName }),
      ...(target.ca === undefined ? {} : { ca: await load(target.ca) }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    })
  return {
    of: (identity: Identity): Promise<Http> => {
      const name = identity.certificate ?? ''
      const known = open.get(name) ?? create(identity)
      open.set(name, known)
      // A missing file may appear later.
      known.catch(() => open.delete(name))
      return known
    },
    close: () => {
      for (const one of open.values())
        one.then(
          (http) => {
            http.close()
          },
          () => undefined,
        )
    },
  }
}

function requestOf(target: ApiTarget, request: Ask, { authorization }: Identity): HttpRequest {
  const { method, path, body, raw, contentType = 'application/json' } = request
  const text = body === undefined ? (raw?.body ?? undefined) : toServerJson(body)
  return {
    method,
    url: new URL(target.server.href.replace(/\/$/, '') + path),
    headers: {
      accept: 'application/json, text/plain',
      ...raw?.headers,
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(text === undefined ? {} : { body: text }),
  }
}

/** Pods may compress what the API server passes on. */
async function rawAnswerOf(answer: HttpAnswer, clock: Clock): Promise<Answer> {
  const { headers, cookies, bytes } = answer
  const decoded = await decodeContent(bytes, headers['content-encoding'], mostBytes)
  const own = { headers, cookies }
  if (decoded.kind === 'decoded') return { ...answerOf({ ...answer, bytes: decoded.bytes }, clock), ...own }
  return { ...answerOf({ ...answer, bytes: Buffer.of() }, clock), ...own, unread: decoded.because }
}

function answerOf({ status, headers, bytes }: Omit<HttpAnswer, 'url'>, clock: Clock): Answer {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now()) ?? 0
  const text = Buffer.from(bytes).toString('utf8')
  return { status, text, ...(retryAfterMs > 0 ? { retryAfterMs } : {}) }
}

const late = (error: unknown): boolean => error instanceof Failure && error.code === 'http-timeout'

function noAnswerIn(ms: number, { server }: ApiTarget): Failure<'timeout'> {
  const text = `the Kubernetes API at ${server.origin} gave no answer within ${ms / 1000} s`
  return new Failure('timeout', text, { fault: 'outside', transient: true })
}

/** An error of the sender as a Failure; a Failure of the kubeconfig stays unchanged. */
function unreachable(error: unknown, { server }: ApiTarget): unknown {
  if (!(error instanceof Failure) || !error.code.startsWith('http-')) return error
  return new Failure('unavailable', `cannot reach the Kubernetes API at ${server.origin}`, {
    fault: 'outside',
    cause: error,
  })
}

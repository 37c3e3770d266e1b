import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { identityOf, load, type Identity } from './identity.ts'
import type { Target } from './kubeconfig.ts'

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Begins with `/`; holds the query. */
  readonly path: string
  readonly contentType?: string
  readonly body?: unknown
  /** Until the whole answer is read. Default 15 s. */
  readonly timeoutMs?: number
}

export interface Answer {
  readonly status: number
  readonly text: string
  /** From Retry-After, in ms. */
  readonly retryAfterMs?: number
}

/** What a request cost, in bytes of bodies; a long answer is told as it comes, with `requests: 0`. */
export interface Traffic {
  readonly method: Ask['method']
  readonly path: string
  readonly requests: 0 | 1
  readonly sentBytes: number
  readonly receivedBytes: number
}

export type OnTraffic = (traffic: Traffic) => void

/** The wire: one request, one answer, no retry, no reading of it. Failure `unavailable` or `timeout` where there is no answer. */
export interface Connection {
  ask(request: Ask): Promise<Answer>
  /** Lines of a long answer, as they come; ends when the server ends it. A status other than 200 is the one `Answer`. Quiet for `quietMs`: `unavailable`. */
  stream(path: string, signal: AbortSignal, quietMs: number): AsyncIterable<string | Answer>
  close(): void
}

export function connection(
  target: Target,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
  onTraffic: OnTraffic = () => undefined,
): Connection {
  const identify = identityOf(target, environment, clock)
  const agents = new Map<string, http.Agent>()
  const agentFor = async (identity: Identity, long: boolean): Promise<http.Agent> => {
    const key = `${long} ${identity.certificate ?? ''}`
    const agent = agents.get(key) ?? (await createAgent(target, identity, { environment, long }))
    agents.set(key, agent)
    return agent
  }
  const open = async (request: Ask, { signal, fresh = false, long = false }: Opening): Promise<Incoming> => {
    const identity = await identify({ fresh })
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body))
    const { method, path } = request
    onTraffic({ method, path, requests: 1, sentBytes: body?.length ?? 0, receivedBytes: 0 })
    const agent = await agentFor(identity, long)
    const response = await send(target, request, { identity, agent, signal, body })
    const count = (receivedBytes: number) => {
      onTraffic({ method, path, requests: 0, sentBytes: 0, receivedBytes })
    }
    return { response, count }
  }
  return {
    ask: async (request) => {
      const ms = request.timeoutMs ?? 15_000
      const signal = AbortSignal.timeout(ms)
      try {
        const first = await read(await open(request, { signal }))
        // A credential of a plugin may have been withdrawn before its time.
        const stale = first.status === 401 && target.credentials.exec !== undefined
        return stale ? await read(await open(request, { signal, fresh: true })) : first
      } catch (error) {
        throw noAnswer(error, target, signal.aborted ? ms : null)
      }
    },
    stream: (path, signal, quietMs) =>
      streaming(
        () => within(quietMs, signal, (both) => open({ method: 'GET', path }, { signal: both, long: true })),
        {
          target,
          signal,
          quietMs,
        },
      ),
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

interface Opening {
  readonly signal: AbortSignal
  readonly fresh?: boolean
  readonly long?: boolean
}

interface Incoming {
  readonly response: IncomingMessage
  readonly count: (bytes: number) => void
}

/** Long answers each hold a connection, which nobody else may have to wait for. */
async function createAgent(
  target: Target,
  identity: Identity,
  { environment, long }: { readonly environment: NodeJS.ProcessEnv; readonly long: boolean },
): Promise<http.Agent> {
  const { proxy } = target
  const proxyEnv =
    proxy === undefined ? environment : { ...environment, HTTPS_PROXY: proxy, HTTP_PROXY: proxy }
  const base = { keepAlive: !long, maxSockets: long ? Infinity : 16, proxyEnv }
  if (target.server.protocol === 'http:') return new http.Agent(base)
  return new https.Agent({
    ...base,
    rejectUnauthorized: !target.insecure,
    ...(target.ca === undefined ? {} : { ca: await load(target.ca) }),
    ...(identity.certificate === undefined ? {} : { cert: identity.certificate }),
    ...(identity.key === undefined ? {} : { key: identity.key }),
    ...(target.serverName === undefined ? {} : { servername: target.serverName }),
  })
}

interface How {
  readonly identity: Identity
  readonly agent: http.Agent
  readonly signal: AbortSignal
  readonly body: Buffer | undefined
}

function send(
  target: Target,
  request: Ask,
  { identity, agent, signal, body }: How,
): Promise<IncomingMessage> {
  const { authorization } = identity
  const headers = {
    accept: 'application/json, text/plain',
    'user-agent': 'alt-las-delivery',
    ...(body === undefined
      ? {}
      : { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length }),
    ...(authorization === undefined ? {} : { authorization }),
  }
  const url = new URL(target.server.href.replace(/\/$/, '') + request.path)
  const { request: start } = url.protocol === 'http:' ? http : https
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { method: request.method, headers, agent }, resolve)
    // Not as the option `signal`: an abort while the socket goes back to its pool would then be an uncaught exception.
    const abort = () => outgoing.destroy()
    signal.addEventListener('abort', abort)
    outgoing.on('close', () => {
      signal.removeEventListener('abort', abort)
    })
    outgoing.on('error', reject)
    if (signal.aborted) abort()
    outgoing.end(body)
  })
}

async function read({ response, count }: Incoming): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  count(body.length)
  const seconds = Number(response.headers['retry-after'])
  return {
    status: response.statusCode ?? 0,
    text: body.toString('utf8'),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

/** A long answer has no deadline, but its beginning has. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort()
  }, ms)
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } finally {
    clearTimeout(timer)
  }
}

async function* streaming(
  open: () => Promise<Incoming>,
  {
    target,
    signal,
    quietMs,
  }: { readonly target: Target; readonly signal: AbortSignal; readonly quietMs: number },
): AsyncGenerator<string | Answer> {
  try {
    const incoming = await open()
    const { response, count } = incoming
    if (response.statusCode !== 200) {
      yield await read(incoming)
      return
    }
    // An abort between two lines finds nobody who reads.
    response.on('error', () => undefined)
    response.setTimeout(quietMs, () => response.destroy(new Error('it went quiet')))
    const decode = new TextDecoder()
    let rest = ''
    for await (const chunk of response) {
      count((chunk as Buffer).length)
      const lines = (rest + decode.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield line
    }
  } catch (error) {
    if (!signal.aborted) throw noAnswer(error, target, null)
  }
}

function noAnswer(error: unknown, target: Target, waitedMs: number | null): unknown {
  if (error instanceof Failure) return error
  const { origin } = target.server
  if (waitedMs !== null) {
    const text = `the Kubernetes API at ${origin} gave no answer within ${waitedMs / 1000} s`
    return new Failure('timeout', text, { fault: 'outside' })
  }
  return new Failure('unavailable', `cannot reach the Kubernetes API at ${origin}`, {
    fault: 'outside',
    cause: error,
  })
}

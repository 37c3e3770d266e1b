import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { problem, type Reply } from './reply.ts'
import { match, type Call, type Match, type Route } from './route.ts'

export interface Surroundings {
  readonly metrics: Metrics
  readonly log: Log
  /** Monotonic, in seconds. */
  readonly now: () => number
  readonly newId: () => string
  /** True once the process drains: every answer then asks the client to open its next connection elsewhere. */
  readonly stopping: () => boolean
}

/** Turns routes into a listener for `node:http`. A handler that throws is answered with 500 and leaves a line in the log. */
export function listener(routes: readonly Route[], around: Surroundings): RequestListener {
  return (request, response) => {
    const url = new URL(`http://service${request.url?.startsWith('/') === true ? request.url : '/'}`)
    const method = request.method ?? 'GET'
    const found = match(routes, method, url.pathname)
    const gone = new AbortController()
    const call: Call = {
      method,
      path: url.pathname,
      params: found.kind === 'found' ? found.params : {},
      query: url.searchParams,
      requestId: idOf(request) ?? around.newId(),
      message: request,
      signal: gone.signal,
    }
    record({ call, found, response, around })
    response.on('close', () => gone.abort())
    response.setHeader('x-request-id', call.requestId)
    void respond({ call, found, response, around })
  }
}

interface Exchange {
  readonly call: Call
  readonly found: Match
  readonly response: ServerResponse
  readonly around: Surroundings
}

function record({ call, found, response, around }: Exchange): void {
  const began = around.now()
  around.metrics.begin()
  response.on('close', () => {
    const seconds = around.now() - began
    // 499: the client went, or the answer broke off, before the end.
    const code = response.writableFinished ? response.statusCode : 499
    const route = found.kind === 'found' ? found.route.path : 'none'
    around.metrics.end({ method: known(call.method), route, code, seconds })
    if (found.kind === 'found' && found.route.quiet === true) return
    const ms = Math.round(seconds * 1e5) / 100
    around.log.info('request', { requestId: call.requestId, method: call.method, path: call.path, code, ms })
  })
}

async function respond({ call, found, response, around }: Exchange): Promise<void> {
  const { requestId, path } = call
  try {
    const reply = await answer(call, found)
    if (around.stopping()) response.setHeader('connection', 'close')
    await send(reply, response)
  } catch (cause) {
    if (call.signal.aborted) return
    around.log.error('request failed', { requestId, path, error: String(cause) })
    // After the head, only a broken connection can show the client that the answer is incomplete.
    if (response.headersSent) response.destroy()
    else
      await send(
        problem(500, `the request could not be answered; its id in the log is ${requestId}`),
        response,
      )
  }
}

async function answer(call: Call, found: Match): Promise<Reply> {
  switch (found.kind) {
    case 'found':
      return found.route.handle(call)
    case 'wrong-method': {
      const allow = found.allow.join(', ')
      return problem(405, `${call.path}: got ${call.method}, expected ${allow}`, { allow })
    }
    case 'absent':
      return problem(404, `${call.path}: no such resource`)
  }
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  if (reply.kind === 'stream') {
    if (response.destroyed) return void reply.body.destroy()
    response.writeHead(reply.status, reply.headers)
    return pipeline(reply.body, response)
  }
  const text = reply.kind === 'json' ? `${JSON.stringify(reply.body)}\n` : reply.body
  const contentType = reply.kind === 'json' ? 'application/json' : reply.contentType
  const more = reply.kind === 'json' ? reply.headers : {}
  response.writeHead(reply.status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    ...more,
  })
  response.end(text)
}

// An id that a caller chose is kept only where it cannot forge a line of the log.
function idOf(request: IncomingMessage): string | null {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : null
}

// A method is the caller's free text: unknown ones share a series.
function known(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'OTHER'
}

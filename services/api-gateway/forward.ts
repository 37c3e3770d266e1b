import { Agent, request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as overTls } from 'node:https'
import { problem, type Reply } from '../http/reply.ts'
import type { Call } from '../http/route.ts'
import type { Forward, Target } from './gateway.ts'
import { requestHeaders, responseHeaders } from './headers.ts'

type Asked =
  | { readonly kind: 'answered'; readonly message: IncomingMessage }
  | { readonly kind: 'late' }
  | { readonly kind: 'broken'; readonly code: string; readonly stale: boolean }

/**
 * Forwards over kept connections and streams both bodies. `timeoutMs` bounds the wait for an answer's head, and later each
 * silence within its body.
 */
export function forwarder(timeoutMs: number): {
  readonly forward: Forward
  readonly release: () => Promise<void>
} {
  const agents = { plain: new Agent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) }
  const open = (call: Call, target: Target): ClientRequest => {
    const { message, method, requestId, signal } = call
    const caller = { address: message.socket.remoteAddress ?? 'unknown', requestId, withBody: withBody(call) }
    const headers = requestHeaders(message.headers, caller)
    return target.url.startsWith('https:')
      ? overTls(target.url, { method, headers, signal, agent: agents.tls })
      : overHttp(target.url, { method, headers, signal, agent: agents.plain })
  }
  const forward: Forward = async (call, target) => {
    const first = await ask(open(call, target), call, timeoutMs)
    // A kept connection may have been closed at the very moment of its reuse; what has no body can simply be asked again.
    const again = first.kind === 'broken' && first.stale && !withBody(call)
    const asked = again ? await ask(open(call, target), call, timeoutMs) : first
    return replyOf(asked, target, timeoutMs)
  }
  return {
    forward,
    release() {
      agents.plain.destroy()
      agents.tls.destroy()
      return Promise.resolve()
    },
  }
}

function ask(outgoing: ClientRequest, call: Call, timeoutMs: number): Promise<Asked> {
  return new Promise((resolve) => {
    const settle = (asked: Asked): void => {
      clearTimeout(timer)
      resolve(asked)
    }
    const timer = setTimeout(() => {
      settle({ kind: 'late' })
      outgoing.destroy()
    }, timeoutMs)
    outgoing.on('response', (message) => {
      settle({ kind: 'answered', message })
      message.setTimeout(timeoutMs, () => message.destroy(new Error('the upstream fell silent')))
    })
    outgoing.on('error', (cause: NodeJS.ErrnoException) => {
      // The caller's socket stays usable for the answer that names the fault: what it still sends is read and dropped.
      call.message.unpipe(outgoing).resume()
      settle({ kind: 'broken', code: cause.code ?? cause.message, stale: outgoing.reusedSocket })
    })
    if (withBody(call)) call.message.pipe(outgoing)
    else outgoing.end()
  })
}

function replyOf(asked: Asked, target: Target, timeoutMs: number): Reply {
  switch (asked.kind) {
    case 'late':
      return problem(504, `the ${target.name} service did not answer within ${timeoutMs / 1000} s`)
    case 'broken':
      return problem(502, `the ${target.name} service could not be reached (${asked.code})`)
    case 'answered':
      return passedOn(asked.message, target)
  }
}

// A proxy without a backend answers in its own format; callers of an API get JSON.
function passedOn(message: IncomingMessage, target: Target): Reply {
  const status = message.statusCode ?? 502
  const isJson = /[/+]json\b/.test(message.headers['content-type'] ?? '')
  if ([502, 503, 504].includes(status) && !isJson) {
    message.resume()
    return problem(status, `the ${target.name} service has no ready backend`)
  }
  return { kind: 'stream', status, headers: responseHeaders(message.headers, target.prefix), body: message }
}

function withBody(call: Call): boolean {
  return call.method !== 'GET' && call.method !== 'HEAD'
}

import type { OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

/** What a handler answers. It is data, so that handlers are tested without a socket. */
export type Reply =
  | {
      readonly kind: 'json'
      readonly status: number
      readonly body: unknown
      readonly headers?: OutgoingHttpHeaders
    }
  | { readonly kind: 'text'; readonly status: number; readonly body: string; readonly contentType: string }
  | {
      readonly kind: 'stream'
      readonly status: number
      readonly headers: OutgoingHttpHeaders
      readonly body: Readable
    }

/** A JSON answer. */
export function json(status: number, body: unknown, headers: OutgoingHttpHeaders = {}): Reply {
  return { kind: 'json', status, body, headers }
}

/**
 * A refusal in the form of RFC 9457 (`application/problem+json`): the status, its short title, and one sentence that says
 * what was wrong and what to do.
 */
export function problem(status: number, detail: string, headers: OutgoingHttpHeaders = {}): Reply {
  const body = { title: titles[status] ?? 'error', status, detail }
  return json(status, body, { ...headers, 'content-type': 'application/problem+json' })
}

const titles: Readonly<Record<number, string>> = {
  400: 'bad request',
  404: 'not found',
  405: 'method not allowed',
  413: 'body too large',
  415: 'unsupported media type',
  500: 'internal error',
  502: 'bad gateway',
  503: 'unavailable',
  504: 'gateway timeout',
}

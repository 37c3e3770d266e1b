import { json, problem, type Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import { openapi } from './openapi.ts'
import { operations, type Operation, type Upstreams } from './operations.ts'

export interface Target {
  /** The upstream's name, as callers know it. */
  readonly name: string
  /** The absolute URL to ask. */
  readonly url: string
  /** The public prefix under which the upstream lives here, for addresses in its answers. */
  readonly prefix: string
}

/** Passes a call on to an upstream and its answer back. Never rejects for a fault of the upstream: that is a 502 or 504. */
export type Forward = (call: Call, target: Target) => Promise<Reply>

/** The gateway's routes: `/openapi.json`, and every operation of the table. Nothing else of an upstream is reachable. */
export function gateway(upstreams: Upstreams, forward: Forward): readonly Route[] {
  const document = openapi(operations.filter((operation) => upstreams[operation.upstream] !== null))
  return [
    { method: 'GET', path: '/openapi.json', handle: () => json(200, document) },
    ...operations.map((operation) => forwarded(operation, upstreams[operation.upstream], forward)),
  ]
}

function forwarded({ method, upstream, path }: Operation, base: string | null, forward: Forward): Route {
  const prefix = `/api/${upstream}`
  return {
    method,
    path: `${prefix}${path}`,
    handle(call) {
      if (base === null)
        return problem(404, `${call.path}: the ${upstream} service is not part of this environment`)
      const url = `${base}${call.path.slice(prefix.length)}${search(call.query)}`
      return forward(call, { name: upstream, url, prefix })
    },
  }
}

function search(query: URLSearchParams): string {
  return query.size === 0 ? '' : `?${query.toString()}`
}

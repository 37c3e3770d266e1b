import type { IncomingMessage } from 'node:http'
import type { Reply } from './reply.ts'

/** One request as a handler sees it. `params` holds the path's `:names`, decoded. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly requestId: string
  readonly message: IncomingMessage
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
}

/** `path` is made of literal segments and `:name` segments. `quiet` routes (probes) leave no line in the log. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly quiet?: boolean
  readonly handle: (call: Call) => Reply | Promise<Reply>
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'absent' }

/** Finds the route of a request. HEAD is answered by GET's route; a path that exists under other methods is told apart. */
export function match(routes: readonly Route[], method: string, path: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method
  const allow: string[] = []
  for (const route of routes) {
    const params = paramsOf(route.path, path)
    if (params === null) continue
    if (route.method === wanted) return { kind: 'found', route, params }
    allow.push(...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  }
  return allow.length > 0 ? { kind: 'wrong-method', allow } : { kind: 'absent' }
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== value) return null
      continue
    }
    const decoded = decode(value)
    if (decoded === null || decoded === '') return null
    params[segment.slice(1)] = decoded
  }
  return params
}

// A path such as /%zz is no address of anything: it is absent, not an error of ours.
function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

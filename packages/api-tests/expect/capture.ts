import type { ApiTest } from '../request/api-test.ts'
import { cookieValue } from '../send/cookies.ts'
import { writeExact } from '../exact/exact-json.ts'
import type { Reply } from '../send/http.ts'
import { at, parseJsonPath } from './json-path.ts'
import { json } from './read-json.ts'

/** A place in an answer. */
type Place =
  | { readonly kind: 'json'; readonly path: string }
  | { readonly kind: 'header' | 'cookie'; readonly name: string }

/** `$.id`, `header location`, `cookie sid`; throws an Error for anything else. */
export function parsePlace(text: string): Place {
  const [, kind, name = ''] = /^(header|cookie) +([^\s;=,]+)$/.exec(text) ?? []
  if (kind === 'header') return { kind, name: name.toLowerCase() }
  if (kind === 'cookie') return { kind, name }
  parseJsonPath(text)
  return { kind: 'json', path: text }
}

/** The captured values, as text. A name is absent where the answer has no value for it. */
export function capture(reply: Reply, places: ApiTest['capture']): ReadonlyMap<string, string> {
  const body = json(reply)
  return new Map(
    Object.entries(places).flatMap(([name, text]) => {
      const value = valueAt(reply, body.kind === 'json' ? body.value : undefined, parsePlace(text))
      if (value === undefined || value === null) return []
      return [[name, typeof value === 'string' ? value : writeExact(value)] as const]
    }),
  )
}

function valueAt(reply: Reply, body: unknown, place: Place): unknown {
  switch (place.kind) {
    case 'json':
      return at(body, place.path)
    case 'header':
      return headerOf(reply, place.name)
    case 'cookie':
      return cookieValue(reply.cookies ?? [], place.name)
  }
}

/** Own names only: every object has a `constructor`. */
export function headerOf({ headers }: Reply, name: string): unknown {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

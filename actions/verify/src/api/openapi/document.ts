import { parseExact, writeExact } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { asRecord } from '@alt-las/outcome'
import { notJson, readOneYaml } from '@alt-las/yaml'

export type Json = Readonly<Record<string, unknown>>
/** The keys that lead to a value: a JSON pointer without its escapes. */
export type Place = readonly string[]

export interface OpenapiDocument {
  readonly root: Json
  /** Of OpenAPI: 3.0 has a JSON Schema of its own. */
  readonly version: '3.0' | '3.1'
  /** Schemas with `$anchor`, as `#name`, and with `$id`. */
  readonly named: ReadonlyMap<string, unknown>
}

/** Reads JSON or YAML, with integers beyond 2^53 as bigints; throws Failure `bad-openapi`. */
export function readDocument(text: string, source: string): OpenapiDocument {
  const bad = (what: string) =>
    new Failure('bad-openapi', `${source} is not an OpenAPI document: ${what}`, { fault: 'outside' })
  const { value, wrong } = jsonOrYaml(text)
  if (wrong !== null) throw bad(`it cannot be read as JSON or YAML: ${wrong}`)
  const root = asRecord(value)
  const { openapi } = root
  // YAML reads 3.0 as a number.
  const version = typeof openapi === 'string' || typeof openapi === 'number' ? String(openapi) : null
  if (version === null || !/^3(?:\.|$)/.test(version))
    throw bad(`\`openapi\` is ${writeExact(openapi)}, expected 3.x`)
  if (Object.keys(asRecord(root['paths'])).length === 0) throw bad('it has no paths')
  return { root, version: /^3(?:\.0|$)/.test(version) ? '3.0' : '3.1', named: namedIn(root) }
}

/** Most are served as JSON, which is read in a hundredth of the time that YAML takes. */
function jsonOrYaml(text: string): { readonly value?: unknown; readonly wrong: string | null } {
  try {
    const value = parseExact(text)
    return { value, wrong: notJson(value) }
  } catch {
    const read = readOneYaml(text, 'exact')
    if (read.kind === 'mistake') return { wrong: `line ${read.line}: ${read.what}` }
    return { value: read.value, wrong: null }
  }
}

function namedIn(root: Json): ReadonlyMap<string, unknown> {
  const named = new Map<string, unknown>()
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const { $anchor, $id } = value as Json
    if (typeof $anchor === 'string') named.set(`#${$anchor}`, value)
    if (typeof $id === 'string') named.set($id, value)
    for (const inner of Object.values(value)) walk(inner)
  }
  walk(root)
  return named
}

/** Own keys only; undefined where there is nothing. */
export function valueAt(root: unknown, place: Place): unknown {
  return place.reduce<unknown>((inner, key) => {
    const isIn = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
    return isIn ? (inner as Json)[key] : undefined
  }, root)
}

/** The place of `#/components/schemas/Order`; null for a reference that is no pointer into this document. */
export function placeOf(reference: string): Place | null {
  if (reference === '#') return []
  if (!reference.startsWith('#/')) return null
  return reference
    .slice(2)
    .split('/')
    .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Where a value stands when every reference is followed. `missing`: the reference that leads nowhere. */
export type Followed =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'missing'; readonly reference: string }

const mostHops = 20

export function follow(document: OpenapiDocument, value: unknown): Followed {
  let current = value
  for (let hop = 0; hop < mostHops; hop += 1) {
    const reference = asRecord(current)['$ref']
    if (typeof reference !== 'string') return { kind: 'found', value: current }
    const place = placeOf(reference)
    current = place === null ? document.named.get(reference) : valueAt(document.root, place)
    if (current === undefined) return { kind: 'missing', reference }
  }
  return { kind: 'missing', reference: String(asRecord(value)['$ref']) }
}

/** As it stands where it is not encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

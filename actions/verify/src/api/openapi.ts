import { compileAt, json, type Reply } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { asRecord } from '@alt-las/outcome'
import { notJson, readOneYaml } from '@alt-las/yaml'
import { matcherOf } from './path-template.ts'

export interface Operation {
  readonly method: string
  readonly path: string
}

export interface Openapi {
  readonly operations: readonly Operation[]
  /** The operation that a request belongs to; a literal path wins over a template. null = the document has none. */
  find(method: string, path: string): Operation | null
  /** null = the answer is as documented, else what is wrong with it. */
  problem(operation: Operation, reply: Reply): string | null
}

type Json = Readonly<Record<string, unknown>>
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Reads an OpenAPI 3 document (JSON or YAML); throws Failure `bad-openapi`. */
export function parseOpenapi(text: string, source: string): Openapi {
  const document = read(text, source)
  const base = basePath(document)
  const paths = asRecord(document['paths'])
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => method in asRecord(item))
      .map((method) => ({ method: method.toUpperCase(), path })),
  )
  const routes = operations
    .map((operation) => ({ operation, matches: matcherOf(base + operation.path) }))
    .sort((a, b) => variables(a.operation) - variables(b.operation))
  return {
    operations,
    find: (method, path) => {
      const bare = path.split(/[?#]/)[0] ?? ''
      const found = routes.find((route) => route.operation.method === method && route.matches(bare))
      return found?.operation ?? null
    },
    problem: (operation, reply) => responseProblem(document, operation, reply),
  }
}

function read(text: string, source: string): Json {
  const bad = (what: string) =>
    new Failure('bad-openapi', `${source} is not an OpenAPI document: ${what}`, { fault: 'outside' })
  const { value, wrong } = jsonOrYaml(text)
  if (wrong !== null) throw bad(`it cannot be read as JSON or YAML: ${wrong}`)
  const document = asRecord(value)
  const { openapi } = document
  // YAML reads 3.0 as a number.
  const version = typeof openapi === 'string' || typeof openapi === 'number' ? String(openapi) : null
  if (version === null || !/^3(?:\.|$)/.test(version))
    throw bad(`\`openapi\` is ${JSON.stringify(openapi)}, expected 3.x`)
  if (Object.keys(asRecord(document['paths'])).length === 0) throw bad('it has no paths')
  return document
}

/** Most are served as JSON, which is read in a hundredth of the time that YAML takes. */
function jsonOrYaml(text: string): { readonly value?: unknown; readonly wrong: string | null } {
  try {
    const value: unknown = JSON.parse(text)
    return { value, wrong: notJson(value) }
  } catch {
    const read = readOneYaml(text)
    if (read.kind === 'mistake') return { wrong: `line ${read.line}: ${read.what}` }
    return { value: read.value, wrong: null }
  }
}

function responseProblem(document: Json, operation: Operation, reply: Reply): string | null {
  const at = ['paths', operation.path, operation.method.toLowerCase(), 'responses']
  const responses = asRecord(walk(document, at))
  const status = String(reply.status)
  const key = [status, `${status.charAt(0)}XX`, 'default'].find((one) => one in responses)
  const name = `${operation.method} ${operation.path}`
  if (key === undefined) return `${name} answered ${status}, which its OpenAPI document does not describe`
  const place = resolve(document, [...at, key])
  const content = asRecord(asRecord(walk(document, place))['content'])
  const type = Object.keys(content).find((one) => one.includes('json'))
  if (type === undefined || operation.method === 'HEAD') return null
  const body = json(reply)
  if (body.kind === 'none') return `${name} answered ${status} without JSON, documented is ${type}`
  if (!('schema' in asRecord(content[type]))) return null
  const wrong = compileAt(document, [...place, 'content', type, 'schema'])(body.value)
  return wrong === null ? null : `the answer ${status} of ${name} does not meet its OpenAPI schema: ${wrong}`
}

/** Follows a `$ref` of the document itself (`#/components/responses/NotFound`). */
function resolve(document: Json, place: readonly string[]): readonly string[] {
  const ref = asRecord(walk(document, place))['$ref']
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return place
  return ref
    .slice(2)
    .split('/')
    .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** As it stands where it is not encoded. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

function basePath(document: Json): string {
  const [server] = Array.isArray(document['servers']) ? (document['servers'] as unknown[]) : []
  const url = asRecord(server)['url']
  if (typeof url !== 'string') return ''
  const variables = asRecord(asRecord(server)['variables'])
  const filled = url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = asRecord(variables[name])['default']
    return typeof value === 'string' ? value : 'x'
  })
  return URL.parse(filled, 'http://server')?.pathname.replace(/\/$/, '') ?? ''
}

function variables(operation: Operation): number {
  return operation.path.split('{').length
}

function walk(value: unknown, keys: readonly string[]): unknown {
  // A pointer may lead through a list.
  const into = (inner: unknown): Json => (Array.isArray(inner) ? { ...inner } : asRecord(inner))
  return keys.reduce<unknown>((inner, key) => into(inner)[key], value)
}

import { urlBelow, type Reply } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import type { Agreement } from './agreement.ts'
import { checkAnswer, type DocumentedOperation } from './check-answer.ts'
import { follow, readDocument, type OpenapiDocument } from './document.ts'
import { matcherOf } from './path-template.ts'
import { safeRequest, type SafeRequest } from './safe-request.ts'
import { basePaths } from './servers.ts'

export type Operation = DocumentedOperation

export interface Openapi {
  readonly operations: readonly Operation[]
  /** The operation that a request below the system's URL belongs to; a literal path wins over a template. null = the document has none. */
  find(method: string, path: string): Operation | null
  /** Throws Failure `bad-schema` or `too-slow` where a schema cannot be used. */
  check(operation: Operation, reply: Reply): Agreement
  /** A request that changes nothing. */
  safeRequest(operation: Operation): SafeRequest
}

/** `source`: a path below `url`, or a file. `url`: of the system. */
export interface OpenapiAt {
  readonly source: string
  readonly url: URL
}

/** Reads an OpenAPI 3 document (JSON or YAML); throws Failure `bad-openapi`. */
export function parseOpenapi(text: string, { source, url }: OpenapiAt): Openapi {
  const document = readDocument(text, source)
  const located = operationsOf(document, source.startsWith('/') ? urlBelow(url, source) : urlBelow(url, '/'))
  const find = finder(routesOf(located), url)
  return {
    operations: located.map(({ operation }) => operation),
    find,
    check: (operation, reply) => checkAnswer(document, operation, reply),
    safeRequest: (operation) => {
      const { shared, bases = [] } = located.find((one) => one.operation === operation) ?? {}
      // A base with a variable that may have any value leads nowhere.
      const ways = ['', ...bases.filter((base) => !base.includes('{'))]
      const reach = (path: string) =>
        ways.map((base) => base + path).find((one) => find(operation.method, one) === operation) ?? null
      return safeRequest(document, { operation, shared, reach })
    },
  }
}

function finder(routes: readonly Route[], url: URL): Openapi['find'] {
  return (method, path) => {
    if (!path.startsWith('/')) return null
    const isWanted = ({ operation }: Route) => operation.method === method
    const absolute = urlBelow(url, path).pathname
    const below = urlBelow(new URL(url.origin), path).pathname
    const found =
      routes.find((one) => isWanted(one) && one.isServed(absolute)) ??
      routes.find((one) => isWanted(one) && one.isServed(below)) ??
      // A URL with a path of its own stands for the server, whatever that is called in the document.
      (url.pathname === '/' ? null : routes.find((one) => isWanted(one) && one.isPath(below)))
    return found?.operation ?? null
  }
}

interface Located {
  readonly operation: DocumentedOperation
  /** Paths of its servers, as templates. */
  readonly bases: readonly string[]
  /** `parameters` of its path. */
  readonly shared: unknown
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

function operationsOf(document: OpenapiDocument, location: URL): readonly Located[] {
  const paths = Object.entries(asRecord(document.root['paths']))
  return paths.flatMap(([path, value]) => {
    const found = follow(document, value)
    const item = { ...asRecord(value), ...(found.kind === 'found' ? asRecord(found.value) : {}) }
    return methods
      .filter((method) => Object.hasOwn(item, method))
      .map((method) => {
        const operation = asRecord(item[method])
        const servers = operation['servers'] ?? item['servers'] ?? document.root['servers']
        return {
          operation: { method: method.toUpperCase(), path, value: operation },
          bases: basePaths(servers, location),
          shared: item['parameters'],
        }
      })
  })
}

interface Route {
  readonly operation: DocumentedOperation
  /** Whether a path is the operation's below one of its servers. */
  isServed(path: string): boolean
  /** Whether a path is the operation's without a server. */
  isPath(path: string): boolean
}

/** Those with the fewest variables first. */
function routesOf(located: readonly Located[]): readonly Route[] {
  const routes = located.flatMap(({ operation, bases }) =>
    bases.map((base) => ({
      operation,
      variables: (base + operation.path).split('{').length,
      isServed: matcherOf(base + operation.path),
      isPath: matcherOf(operation.path),
    })),
  )
  return routes.sort((a, b) => a.variables - b.variables)
}

import type { ApiTest } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import type { DocumentedOperation } from './check-answer.ts'
import type { OpenapiDocument } from './document.ts'
import { parametersOf, type Parameter } from './parameters.ts'

/** A request of an operation that changes nothing, or why there is none. */
export type SafeRequest =
  { readonly kind: 'test'; readonly test: ApiTest } | { readonly kind: 'gap'; readonly because: string }

const gap = (because: string): SafeRequest => ({ kind: 'gap', because })

export interface Safe {
  readonly operation: DocumentedOperation
  /** `parameters` of the path item. */
  readonly shared: unknown
  /** The path below the system's URL by which the operation is reached; null where there is none. */
  readonly reach: (path: string) => string | null
}

/** GET or HEAD with the parameters that the document requires, each by its example or else by a value of its schema. */
export function safeRequest(document: OpenapiDocument, { operation, shared, reach }: Safe): SafeRequest {
  const { method, path: template, value } = operation
  if (method !== 'GET' && method !== 'HEAD') return gap('it may change something')
  if (needsCredentials(value['security'] ?? document.root['security'])) return gap('it needs credentials')
  const parameters = parametersOf(document, [shared, value['parameters']])
  if (parameters === null) return gap('a parameter is not in the document')
  const required = parameters.filter(({ isRequired }) => isRequired)
  const missing = required.filter((one) => one.value.kind === 'none')
  if (missing.length > 0) return gap(`no example of ${missing.map(({ name }) => name).join(', ')}`)
  const isInvented = required.some((one) => one.in === 'path' && one.value.kind === 'invented')
  if (isInvented && !mayBeAbsent(value)) return gap('no example of its path, and no 404 is documented')
  const unsendable = required.filter((one) => !isSendable(one))
  if (unsendable.length > 0) return gap(`${unsendable.map(({ name }) => name).join(', ')} cannot be sent`)
  const filled = filledPath(template, required)
  if (/[{}]/.test(filled)) return gap('a variable of its path is not described')
  const path = reach(filled)
  if (path === null) return gap('no path below the URL leads to it')
  return {
    kind: 'test',
    test: testOf({ method, template, path: path + queryOf(required) }, headersOf(required)),
  }
}

/** An empty requirement among them makes credentials optional. */
function needsCredentials(security: unknown): boolean {
  if (!Array.isArray(security) || security.length === 0) return false
  return security.every((one) => Object.keys(asRecord(one)).length > 0)
}

function mayBeAbsent({ responses }: DocumentedOperation['value']): boolean {
  return ['404', '4XX', '4xx', 'default'].some((key) => Object.hasOwn(asRecord(responses), key))
}

/** Those of the connection, and those that OpenAPI describes elsewhere. */
const reserved =
  /^(?:accept|authorization|connection|content-.*|cookie|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i

/** The document may be the system's, and a header that Node refuses would end the check without a verdict. */
function isSendable(parameter: Parameter): boolean {
  const { in: place, name } = parameter
  const text = textOf(parameter)
  if (place === 'path' || place === 'query') return true
  const isToken = /^[\w-]+$/.test(name) && /^[\x21-\x7e]+$/.test(text)
  if (place === 'cookie') return isToken && !/[;,"]/.test(text)
  return place === 'header' && isToken && !reserved.test(name)
}

const textOf = ({ value }: Parameter): string => (value.kind === 'none' ? '' : value.text.toWellFormed())

function filledPath(template: string, parameters: readonly Parameter[]): string {
  const own = parameters.filter((one) => one.in === 'path')
  return own.reduce(
    (path, one) => path.replaceAll(`{${one.name}}`, () => encodeURIComponent(textOf(one))),
    template,
  )
}

function queryOf(parameters: readonly Parameter[]): string {
  const own = parameters.filter((one) => one.in === 'query')
  const pairs = own.map(
    (one) => `${encodeURIComponent(one.name.toWellFormed())}=${encodeURIComponent(textOf(one))}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function headersOf(parameters: readonly Parameter[]): Readonly<Record<string, string>> {
  const headers = parameters.filter((one) => one.in === 'header')
  const cookies = parameters.filter((one) => one.in === 'cookie').map((one) => `${one.name}=${textOf(one)}`)
  return {
    ...Object.fromEntries(headers.map((one) => [one.name.toLowerCase(), textOf(one)])),
    ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }),
  }
}

/** The document says which answers are right; a fault of the server never is. */
function testOf(
  { method, template, path }: { readonly method: string; readonly template: string; readonly path: string },
  headers: Readonly<Record<string, string>>,
): ApiTest {
  return {
    name: `${method} ${template} (generated)`,
    request: { method, path, headers, body: null },
    expect: { status: ['2xx', '3xx', '4xx'], headers: {}, json: {}, schema: null, latencyMs: null },
    capture: {},
    eventuallyMs: 0,
    loadWeight: 0,
  }
}

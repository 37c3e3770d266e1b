import type { Operation } from './operations.ts'
import * as shapes from './shapes.ts'
import type { Schema } from './shapes.ts'

/** An OpenAPI 3.1 document of the given operations and of what the gateway answers itself. */
export function openapi(operations: readonly Operation[]): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [path, id, summary, answers] of own)
    paths[path] = { get: operationOf({ id, summary, answers, path }) }
  for (const operation of operations) {
    const path = `/api/${operation.upstream}${operation.path.replaceAll(/:(\w+)/g, '{$1}')}`
    const tags = [operation.upstream]
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: operationOf({ ...operation, path, tags }),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ALT_LAS API',
      version: '1',
      description: 'Segmentation, results, archive and jobs behind one door.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      responses: { problem: response('A refusal or a fault, as RFC 9457', shapes.problem, 'problem+json') },
    },
  }
}

const own: readonly (readonly [string, string, string, Operation['answers']])[] = [
  ['/healthz', 'health', 'Whether the process lives', { 200: shapes.health }],
  [
    '/readyz',
    'readiness',
    'Whether it can do its work, and what is missing',
    { 200: shapes.readiness, 503: shapes.readiness },
  ],
  ['/version', 'version', 'What runs here', { 200: shapes.version }],
  ['/openapi.json', 'openapi', 'This document', { 200: { type: 'object', required: ['openapi', 'paths'] } }],
]

interface Described {
  readonly id: string
  readonly summary: string
  readonly path: string
  readonly answers: Operation['answers']
  readonly tags?: readonly string[]
  readonly query?: Operation['query']
  readonly body?: Operation['body']
}

function operationOf({
  id,
  summary,
  path,
  answers,
  tags = ['gateway'],
  query = {},
  body,
}: Described): unknown {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    parameter(String(name), 'path', shapes.uuid),
  )
  const inQuery = Object.entries(query).map(([name, schema]) => parameter(name, 'query', schema))
  return {
    operationId: id,
    summary,
    tags,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body, 'json') } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [status, responseOf(status, schema)]),
      ),
      default: { $ref: '#/components/responses/problem' },
    },
  }
}

function parameter(name: string, place: 'path' | 'query', schema: Schema): unknown {
  return { name, in: place, required: place === 'path', schema }
}

function responseOf(status: string, schema: Schema): unknown {
  return response(meanings[status] ?? 'Answered', schema, schema === shapes.problem ? 'problem+json' : 'json')
}

const meanings: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted',
  404: 'There is none',
  503: 'Not just now',
}

function response(description: string, schema: Schema, subtype: string): unknown {
  return { description, content: content(schema, subtype) }
}

function content(schema: Schema, subtype: string): unknown {
  return { [`application/${subtype}`]: { schema } }
}

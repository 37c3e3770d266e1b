import { Failure, describe } from '@alt-las/failure'
import { parseDuration } from '@alt-las/time'
import { readOneYaml } from '@alt-las/yaml'
import type { ApiTest, Expected } from './request/api-test.ts'
import { writeExact } from './exact/exact-json.ts'
import { parsePlace } from './expect/capture.ts'
import type { Form, Part } from './request/form-body.ts'
import { parseJsonPath } from './expect/json-path.ts'
import { validatorOf, type Schema } from './schema/schema.ts'

type RawPart =
  string | { readonly filename?: string; readonly 'content-type'?: string; readonly content: string }

interface RawTest {
  readonly name: string
  readonly request: {
    readonly method?: string
    readonly path: string
    readonly headers?: Record<string, string>
    readonly json?: unknown
    readonly body?: string
    readonly form?: Record<string, string>
    readonly multipart?: Record<string, RawPart>
    readonly redirects?: 'follow' | 'none'
  }
  readonly expect?: {
    readonly status?: number | string | readonly (number | string)[]
    readonly headers?: Record<string, Expected>
    readonly json?: Record<string, Expected>
    readonly schema?: Schema
    readonly latency?: string
  }
  readonly capture?: Record<string, string>
  readonly eventually?: string
  readonly load?: boolean | number
}

const status = {
  anyOf: [
    { type: 'integer', minimum: 100, maximum: 599 },
    { type: 'string', pattern: '^[1-5](xx|\\d\\d)$' },
  ],
}
const strings = { type: 'object', additionalProperties: { type: 'string' } }

/** Without line ends and quotes, which would end the header that they are in. */
const oneLine = { type: 'string', pattern: '^[^\\r\\n"]*$' }
const part = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      required: ['content'],
      additionalProperties: false,
      properties: { filename: oneLine, 'content-type': oneLine, content: { type: 'string' } },
    },
  ],
}

const bodies = ['json', 'body', 'form', 'multipart']
/** A request has one body at most. */
const twoBodies = bodies.flatMap((one, at) =>
  bodies.slice(at + 1).map((other) => ({ not: { required: [one, other] } })),
)

/** The form of a file with API tests; unknown keys are errors, since a typing mistake would leave out a check. */
const form: Schema = {
  type: 'object',
  required: ['tests'],
  additionalProperties: false,
  properties: {
    tests: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'request'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1 },
          request: {
            type: 'object',
            required: ['path'],
            additionalProperties: false,
            allOf: twoBodies,
            properties: {
              method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
              path: { type: 'string', pattern: '^/' },
              headers: strings,
              json: true,
              body: { type: 'string' },
              form: strings,
              multipart: { type: 'object', minProperties: 1, additionalProperties: part },
              redirects: { enum: ['follow', 'none'] },
            },
          },
          expect: {
            type: 'object',
            additionalProperties: false,
            properties: {
              status: { anyOf: [status, { type: 'array', items: status, minItems: 1 }] },
              headers: { type: 'object' },
              json: { type: 'object' },
              schema: { type: ['object', 'boolean'] },
              latency: { type: 'string' },
            },
          },
          capture: strings,
          eventually: { type: 'string' },
          load: { anyOf: [{ type: 'boolean' }, { type: 'number', minimum: 0 }] },
        },
      },
    },
  },
}

/** Reads one YAML file of API tests; throws Failure `bad-api-tests` (fault input) that lists every problem of the file. */
export function parseApiTests(text: string, path: string): readonly ApiTest[] {
  const bad = (problems: readonly string[]) =>
    new Failure('bad-api-tests', [`${path} is not a file of API tests`, ...problems].join('\n- '), {
      fault: 'input',
    })
  const read = readOneYaml(text, 'exact')
  if (read.kind === 'mistake') throw bad([`line ${read.line}: ${read.what}`])
  const wrong = validatorOf(form)(read.value)
  if (wrong !== null) throw bad([wrong])
  const problems: string[] = []
  const tests = (read.value as { readonly tests: readonly RawTest[] }).tests.map((raw, index) =>
    readTest(raw, (problem) => problems.push(`test ${index + 1} (${raw.name}): ${problem}`)),
  )
  if (problems.length > 0) throw bad(problems)
  return tests
}

/** The tests of all files, in the order given. One Failure for each bad file; the first is thrown. */
export async function readTests(
  paths: readonly string[],
  readNamed: (path: string) => Promise<string>,
): Promise<readonly ApiTest[]> {
  const each = await Promise.all(paths.map(async (path) => parseApiTests(await readNamed(path), path)))
  return each.flat()
}

function readTest(raw: RawTest, complain: (problem: string) => void): ApiTest {
  const attempt = (what: string, work: () => unknown) => {
    try {
      work()
    } catch (error) {
      complain(`${what}: ${describe(error)}`)
    }
  }
  const ms = (what: string, text: string | undefined) => {
    const parsed = text === undefined ? null : parseDuration(text)
    if (text !== undefined && parsed === null)
      complain(`${what}: got ${JSON.stringify(text)}, expected a duration such as 500ms`)
    return parsed
  }
  const expected = raw.expect ?? {}
  for (const place of Object.values(raw.capture ?? {})) attempt(place, () => parsePlace(place))
  for (const path of Object.keys(expected.json ?? {})) attempt(path, () => parseJsonPath(path))
  if (expected.schema !== undefined) attempt('schema', () => validatorOf(expected.schema ?? true))
  return {
    name: raw.name,
    request: readRequest(raw.request),
    expect: {
      status: [expected.status ?? '2xx'].flat().map(String),
      headers: expected.headers ?? {},
      json: expected.json ?? {},
      schema: expected.schema ?? null,
      latencyMs: ms('latency', expected.latency),
    },
    capture: raw.capture ?? {},
    eventuallyMs: ms('eventually', raw.eventually) ?? 0,
    loadWeight: Number(raw.load ?? 0),
  }
}

function readRequest(raw: RawTest['request']): ApiTest['request'] {
  const json = raw.json === undefined ? null : writeExact(raw.json)
  const type = json === null ? {} : { 'content-type': 'application/json' }
  const headers = Object.entries(raw.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: raw.method ?? 'GET',
    path: raw.path,
    headers: {
      accept: 'application/json',
      ...type,
      ...(Object.fromEntries(headers) as Record<string, string>),
    },
    body: json ?? raw.body ?? null,
    ...formOf(raw),
    ...(raw.redirects === 'follow' ? { redirects: 'follow' } : {}),
  }
}

function formOf({ form, multipart }: RawTest['request']): { readonly form?: Form } {
  if (form !== undefined) return { form: { kind: 'form', fields: form } }
  if (multipart === undefined) return {}
  const parts = Object.entries(multipart).map(([name, raw]): [string, Part] => {
    if (typeof raw === 'string') return [name, raw]
    const { 'content-type': contentType, ...part } = raw
    return [name, contentType === undefined ? part : { ...part, contentType }]
  })
  return { form: { kind: 'multipart', parts: Object.fromEntries(parts) } }
}

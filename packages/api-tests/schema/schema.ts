import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { Failure, asFailure } from '@alt-las/failure'
import { inTime } from '@alt-las/time'
import { writeExact } from '../exact/exact-json.ts'
import { approximate, compareExactly } from './exact-schema.ts'
import { patternEngine, type PatternEngine } from './pattern.ts'

export type Schema = Readonly<Record<string, unknown>> | boolean

/** null where the value holds, else one sentence that names the first places where it does not. */
export type Validate = (value: unknown) => string | null

export interface SchemaOptions {
  /** For the compilation, and for each validation. */
  readonly limitMs?: number
}

/** A pattern that no engine matches in linear time gets less: the whole process waits for it. */
const backtrackingMs = 1000

/**
 * JSON Schema 2020-12 as OpenAPI 3.1 uses it, with `nullable` of 3.0. Unknown keywords are allowed: OpenAPI adds its own.
 * Values may hold bigints, and numbers are compared exactly.
 * Throws Failure `bad-schema` where the schema cannot be used.
 */
export function compileSchema(schema: Schema, { limitMs }: SchemaOptions = {}): Validate {
  let checkMs = limitMs
  const regExp = patternEngine(() => {
    checkMs = Math.min(backtrackingMs, limitMs ?? backtrackingMs)
  })
  const compile = (allErrors: boolean): Check => compileWith(schema, { allErrors, regExp, limitMs })
  try {
    const first = compile(false)
    let every: Check | null = null
    return (value) => {
      try {
        const wrong = inTime(what, () => first(value), checkMs)
        return wrong === null ? null : sentence(allOf((every ??= compile(true)), value) ?? wrong)
      } catch (error) {
        // A pattern too large is found out only here, and a schema that refers to itself.
        throw error instanceof Failure ? error : unusable(error)
      }
    }
  } catch (error) {
    throw unusable(error)
  }
}

const what = 'a check against a JSON schema'

/** null where the value holds. */
type Check = (exact: unknown) => readonly ErrorObject[] | null

interface CompileOptions {
  readonly allErrors: boolean
  readonly regExp: PatternEngine
  readonly limitMs: number | undefined
}

function compileWith(schema: Schema, { allErrors, regExp, limitMs }: CompileOptions): Check {
  // Whether a reference can be inlined is asked with two calls for each list within a list: 2^n of n levels.
  const limits = { inlineRefs: false }
  const lenient = { strict: false, validateSchema: false, logger: false } as const
  const ajv = new Ajv2020({ ...lenient, allErrors, passContext: true, code: { regExp }, ...limits })
  formats.default(ajv)
  compareExactly(ajv)
  const validate = inTime('compiling it', () => ajv.compile(schema), limitMs)
  // Its answer would be a promise, and a promise is not a yes.
  if ('$async' in validate) throw new Error('`$async` is not supported')
  return (exact) => {
    const approximation = approximate(exact)
    return validate.call(approximation, approximation.value) ? null : (validate.errors ?? [])
  }
}

/** Every error takes memory, and a long list can have millions. */
const allErrorsMs = 500

/** null where there are too many. */
function allOf(every: Check, value: unknown): readonly ErrorObject[] | null {
  try {
    return inTime(what, () => every(value), allErrorsMs)
  } catch (error) {
    if (error instanceof Failure && error.code === 'too-slow') return null
    throw error
  }
}

function unusable(error: unknown): Failure {
  return new Failure('bad-schema', 'a JSON schema cannot be used', {
    fault: 'input',
    cause: asFailure(error),
  })
}

function sentence(errors: readonly ErrorObject[]): string {
  const places = errors.map((one) => `${place(one.instancePath)} ${one.message ?? 'is wrong'}${detail(one)}`)
  const shown = [...new Set(places)]
  const more = shown.length > 3 ? ` and ${shown.length - 3} more` : ''
  return shown.slice(0, 3).join(', ') + more
}

function place(pointer: string): string {
  return `$${pointer
    .split('/')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')}`
}

function detail(error: ErrorObject): string {
  const params = error.params as Readonly<Record<string, unknown>>
  const values = params['allowedValues'] ?? params['allowedValue'] ?? params['additionalProperty']
  return values === undefined ? '' : ` (${writeExact(values)})`
}

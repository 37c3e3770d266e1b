import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { Failure, asFailure } from '@alt-las/failure'
import { inTime } from '@alt-las/time'
import { writeExact } from '../exact/exact-json.ts'
import { approximate, compareExactly } from './exact-schema.ts'
import { isChoice, withNearestBranches, type Told } from './nearest-branch.ts'
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
        return wrong === null ? null : sentence(allOf((every ??= compile(true)), value) ?? wrong, schema)
      } catch (error) {
        // A pattern too large is found out only here, and a schema that refers to itself.
        throw error instanceof Failure ? error : unusable(error)
      }
    }
  } catch (error) {
    throw unusable(error)
  }
}

/** The text of a schema costs nothing, its compilation milliseconds, and one schema judges each answer of a load. */
const compiled = new WeakMap<object, Validate>()

/** compileSchema, once for each schema object. */
export function validatorOf(schema: Schema): Validate {
  if (typeof schema === 'boolean') return compileSchema(schema)
  const known = compiled.get(schema) ?? compileSchema(schema)
  compiled.set(schema, known)
  return known
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
  // All of it is begun again where the machine gave it no time: a compiler that was stopped is of no use.
  const compile = () => {
    const ajv = new Ajv2020({
      ...lenient,
      allErrors,
      verbose: true,
      passContext: true,
      code: { regExp },
      ...limits,
    })
    formats.default(ajv)
    compareExactly(ajv)
    return ajv.compile(schema)
  }
  const validate = inTime('compiling it', compile, limitMs)
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
    return inTime(what, () => every(value), allErrorsMs, 1)
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

function sentence(errors: readonly ErrorObject[], schema: Schema): string {
  return shortList(withNearestBranches(errors, schema).map(placed))
}

function placed(one: Told): string {
  if (!isChoice(one)) return `${place(one.instancePath)} ${one.message ?? 'is wrong'}${detail(one)}`
  const { error, nearest, branches } = one
  const what = `${place(error.instancePath)} ${error.message ?? 'fits no alternative'}`
  if (nearest.length === 0) return what
  return `${what} (the nearest of ${branches}: ${shortList(nearest.map(placed))})`
}

function shortList(places: readonly string[]): string {
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

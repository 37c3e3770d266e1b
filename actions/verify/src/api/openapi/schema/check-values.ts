import { compileSchema } from '@alt-las/api-tests'
import { inTime } from '@alt-las/time'
import type { OpenapiDocument } from '../document.ts'
import { convertSchema } from './convert-schema.ts'

export interface ValuesChecked {
  /** null where one of the values meets the schema; else what is wrong with the first. */
  readonly wrong: string | null
  /** Parts of the schema that were not checked. */
  readonly notes: readonly string[]
}

/** Several values are several ways to read one text. */
export function checkValues(
  document: OpenapiDocument,
  schema: unknown,
  values: readonly unknown[],
): ValuesChecked {
  const { validate, notes } = readyFor(document, schema)
  const problems = values.map(validate)
  return { wrong: problems.includes(null) ? null : (problems[0] ?? null), notes }
}

interface Ready {
  readonly validate: ReturnType<typeof compileSchema>
  readonly notes: readonly string[]
}

/** By the schema's own object, which belongs to one document: it is converted and compiled once, not for each answer. */
const known = new WeakMap<object, Ready>()

function readyFor(document: OpenapiDocument, schema: unknown): Ready {
  const key = typeof schema === 'object' && schema !== null ? schema : {}
  const ready = known.get(key) ?? made(document, schema)
  known.set(key, ready)
  return ready
}

function made(document: OpenapiDocument, schema: unknown): Ready {
  const converted = inTime('reading a schema', () => convertSchema(document, schema))
  return { validate: compileSchema(converted.schema), notes: converted.notes }
}

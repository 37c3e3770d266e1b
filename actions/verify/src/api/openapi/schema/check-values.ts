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
  const converted = inTime('reading a schema', () => convertSchema(document, schema))
  const problems = values.map(compileSchema(converted.schema))
  return { wrong: problems.includes(null) ? null : (problems[0] ?? null), notes: converted.notes }
}

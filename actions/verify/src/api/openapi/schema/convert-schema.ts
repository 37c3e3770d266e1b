import { writeExact, type Schema } from '@alt-las/api-tests'
import { asRecord } from '@alt-las/outcome'
import { follow, type Json, type OpenapiDocument } from '../document.ts'
import { adapted } from './adapt-schema.ts'
import { isPattern, notFollowed, shapes } from './schema-shapes.ts'

export interface Converted {
  /** JSON Schema 2020-12, complete in itself. */
  readonly schema: Schema
  /** Parts of the schema that are not understood, and left out. */
  readonly notes: readonly string[]
}

/**
 * The schema of an answer as JSON Schema: with what its references lead to, without what is for requests alone, and in the words of
 * 2020-12 where the document is of OpenAPI 3.0.
 */
export function convertSchema(document: OpenapiDocument, root: unknown): Converted {
  const notes = new Set<string>()
  const names = new Map<unknown, string>()
  const $defs: Record<string, unknown> = {}
  const pending: unknown[] = []

  const refer = (value: unknown): string => {
    const known = names.get(value)
    const name = known ?? `${names.size}`
    if (known === undefined) {
      names.set(value, name)
      pending.push(value)
    }
    return `#/$defs/${name}`
  }

  const reference = (schema: Json): Json => {
    const target = follow(document, { $ref: schema['$ref'] })
    if (target.kind === 'found') return { $ref: refer(target.value) }
    notes.add(`the reference ${JSON.stringify(target.reference)} leads out of the document, or to nothing`)
    return {}
  }

  const convert = (value: unknown): unknown => {
    if (typeof value === 'boolean') return value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      notes.add('a schema is neither an object nor a boolean')
      return true
    }
    const schema = adapted(value as Json, document)
    const own = Object.entries(schema).flatMap(([key, inner]) => entry(key, inner))
    const referred = typeof schema['$ref'] === 'string' ? reference(schema) : {}
    return { ...Object.fromEntries(own), ...referred }
  }

  const entry = (key: string, value: unknown): readonly (readonly [string, unknown])[] => {
    if (notFollowed.includes(key)) notes.add(`the keyword ${key} is not followed`)
    const shape = shapes.get(key)
    if (shape === undefined) return []
    const wrong = () => {
      notes.add(`${key} cannot be used: ${writeExact(value).slice(0, 80)}`)
      return []
    }
    switch (shape.kind) {
      case 'schema':
        return Array.isArray(value) ? wrong() : [[key, convert(value)]]
      case 'schemas':
        return Array.isArray(value) && value.length > 0 ? [[key, value.map(convert)]] : wrong()
      case 'schemas-by-name': {
        const entries = Object.entries(asRecord(value))
        if (key === 'patternProperties' && !entries.every(([pattern]) => isPattern(pattern))) return wrong()
        return [[key, Object.fromEntries(entries.map(([name, inner]) => [name, convert(inner)]))]]
      }
      case 'value':
        return shape.isValid(value) ? [[key, value]] : wrong()
    }
  }

  const $ref = refer(root)
  for (let value = pending.shift(); value !== undefined; value = pending.shift())
    $defs[names.get(value) ?? ''] = convert(value)
  return { schema: { $ref, $defs }, notes: [...notes] }
}

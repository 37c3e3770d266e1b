import { asRecord } from '@alt-las/outcome'
import { follow, type Json, type OpenapiDocument } from '../document.ts'

/** One schema, not those within it, as JSON Schema 2020-12 says the same of an answer. */
export function adapted(schema: Json, document: OpenapiDocument): Json {
  const visible = withoutWriteOnly(limited(schema), document)
  return document.version === '3.0' ? nullable(bare(visible)) : visible
}

/** 3.0 ignores what stands beside a reference, and authors who write `nullable` there mean it. */
function bare(schema: Json): Json {
  if (typeof schema['$ref'] !== 'string') return schema
  return { $ref: schema['$ref'], ...(schema['nullable'] === true ? { nullable: true } : {}) }
}

/** `exclusiveMinimum: true` makes the limit beside it exclusive. */
function limited(schema: Json): Json {
  return exclusive(exclusive(schema, 'exclusiveMinimum', 'minimum'), 'exclusiveMaximum', 'maximum')
}

function exclusive(schema: Json, key: string, limit: string): Json {
  if (typeof schema[key] !== 'boolean') return schema
  const { [key]: isExclusive, [limit]: value, ...rest } = schema
  if (value === undefined) return rest
  return { ...rest, [isExclusive === true ? key : limit]: value }
}

/** Keywords that could refuse null by themselves, whatever `type` says. */
const applicators = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not']

/**
 * `nullable` allows null, also where it stands beside a reference, `allOf` or `enum`. The letter of 3.0.3 needs a `type` beside it; whoever
 * writes it without one means the same.
 */
function nullable(schema: Json): Json {
  const { nullable: isNullable, ...rest } = schema
  if (isNullable !== true) return rest
  if (applicators.some((key) => key in rest)) return { anyOf: [rest, { enum: [null] }] }
  const { type, enum: allowed } = rest
  return {
    ...rest,
    ...(type === undefined ? {} : { type: [...new Set([type, 'null'].flat())] }),
    ...(Array.isArray(allowed) && !allowed.includes(null) ? { enum: [...(allowed as unknown[]), null] } : {}),
  }
}

/** A property that is only for requests is not required in an answer. */
function withoutWriteOnly(schema: Json, document: OpenapiDocument): Json {
  const hidden = writeOnlyNames(schema, document)
  return hidden.size === 0 ? schema : notRequired(schema, hidden)
}

/** Schemas of the same value as the schema around them. */
const inPlace = ['allOf', 'anyOf', 'oneOf']

function notRequired(schema: Json, hidden: ReadonlySet<string>): Json {
  const { required } = schema
  const parts = inPlace.flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list)
      ? [
          [
            key,
            list.map((one: unknown) => (typeof one === 'object' ? notRequired(asRecord(one), hidden) : one)),
          ],
        ]
      : []
  })
  const less = Array.isArray(required)
    ? { required: required.filter((name) => !hidden.has(name as string)) }
    : {}
  return { ...schema, ...less, ...(Object.fromEntries(parts) as Json) }
}

function writeOnlyNames(
  schema: Json,
  document: OpenapiDocument,
  visited = new Set<Json>(),
): ReadonlySet<string> {
  if (visited.has(schema)) return new Set()
  visited.add(schema)
  const own = Object.entries(asRecord(schema['properties'])).flatMap(([name, property]) =>
    isWriteOnly(property, document) ? [name] : [],
  )
  const parts = inPlace.flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list) ? (list as unknown[]) : []
  })
  const inner = [schema, ...parts].flatMap((part) => {
    const target = part === schema && typeof schema['$ref'] !== 'string' ? null : follow(document, part)
    return target?.kind === 'found' ? [...writeOnlyNames(asRecord(target.value), document, visited)] : []
  })
  return new Set([...own, ...inner])
}

/** By itself, by what it refers to, or by a part of its `allOf`. */
function isWriteOnly(property: unknown, document: OpenapiDocument, depth = 0): boolean {
  if (asRecord(property)['writeOnly'] === true) return true
  const target = follow(document, property)
  if (target.kind === 'missing' || depth > 5) return false
  const { writeOnly, allOf } = asRecord(target.value)
  if (writeOnly === true) return true
  return Array.isArray(allOf) && allOf.some((part) => isWriteOnly(part, document, depth + 1))
}

import { ecmaScript } from '@alt-las/api-tests'

/** What a keyword of JSON Schema 2020-12 holds: schemas, or a value of one form. */
export type Shape =
  | { readonly kind: 'schema' | 'schemas' | 'schemas-by-name' }
  | { readonly kind: 'value'; readonly isValid: (value: unknown) => boolean }

const schema: Shape = { kind: 'schema' }
const schemas: Shape = { kind: 'schemas' }
const byName: Shape = { kind: 'schemas-by-name' }
const value = (isValid: (value: unknown) => boolean): Shape => ({ kind: 'value', isValid })

const isNumber = (one: unknown): one is number | bigint => typeof one === 'number' || typeof one === 'bigint'
const isStrings = (one: unknown) => Array.isArray(one) && one.every((inner) => typeof inner === 'string')
const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
const isType = (one: unknown) =>
  [one].flat().every((inner) => types.includes(inner as string)) && [one].flat().length > 0
const number = value(isNumber)
const count = value((one) => isNumber(one) && one >= 0)

/** Every other keyword says nothing about the value. */
export const shapes: ReadonlyMap<string, Shape> = new Map([
  ...['not', 'items', 'additionalProperties', 'propertyNames', 'contains'].map(
    (key) => [key, schema] as const,
  ),
  ...['if', 'then', 'else', 'unevaluatedItems', 'unevaluatedProperties'].map((key) => [key, schema] as const),
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((key) => [key, schemas] as const),
  ...['properties', 'patternProperties', 'dependentSchemas'].map((key) => [key, byName] as const),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((key) => [key, number] as const),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map(
    (key) => [key, count] as const,
  ),
  ...['minContains', 'maxContains'].map((key) => [key, count] as const),
  ['multipleOf', value((one) => isNumber(one) && one > 0)],
  ['uniqueItems', value((one) => typeof one === 'boolean')],
  ['type', value(isType)],
  ['format', value((one) => typeof one === 'string')],
  ['pattern', value(isPattern)],
  ['required', value(isStrings)],
  ['enum', value(Array.isArray)],
  ['const', value(() => true)],
  [
    'dependentRequired',
    value((one) => typeof one === 'object' && one !== null && Object.values(one).every(isStrings)),
  ],
])

/** Keywords that change what a schema means in ways that are not followed. */
export const notFollowed: readonly string[] = ['$dynamicRef', '$recursiveRef', '$async']

export function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && ecmaScript(pattern) instanceof Object
  } catch {
    return false
  }
}

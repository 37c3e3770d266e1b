import type { Ajv2020 } from 'ajv/dist/2020.js'
import { _, str, type KeywordErrorDefinition } from 'ajv'
import { canonical } from '../exact/exact-json.ts'
import { isMultiple } from '../exact/exact-number.ts'

/**
 * A value as the validator takes it: each bigint is the nearest double. The containers of bigints lead back to the exact values, which
 * the keywords that compare numbers look up.
 */
export interface Approximation {
  readonly value: unknown
  readonly exact: unknown
  readonly containers: WeakMap<object, Container>
}

type Container = Readonly<Record<string | number, unknown>>

export function approximate(exact: unknown): Approximation {
  const containers = new WeakMap<object, Container>()
  const copy = (value: unknown): unknown => {
    if (typeof value === 'bigint') return nearest(value)
    if (typeof value !== 'object' || value === null) return value
    const inner = Array.isArray(value) ? value.map(copy) : copied(value, copy)
    containers.set(inner, value as Container)
    return inner
  }
  return { value: copy(exact), exact, containers }
}

// Not by assignment: `__proto__` is a key like any other.
const copied = (value: object, copy: (inner: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]))

/** Always finite: the validator takes infinity for no number. */
function nearest(value: bigint): number {
  const number = Number(value)
  return Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE
}

type Numeric = number | bigint
type Compare = (value: Numeric, limit: Numeric) => boolean

const limits: Readonly<Record<string, readonly [string, Compare]>> = {
  minimum: ['>=', (value, limit) => value >= limit],
  maximum: ['<=', (value, limit) => value <= limit],
  exclusiveMinimum: ['>', (value, limit) => value > limit],
  exclusiveMaximum: ['<', (value, limit) => value < limit],
  multipleOf: ['multiple of', isMultiple],
}

/** Replaces the keywords that compare values; their checks are called with the Approximation as `this`. */
export function compareExactly(ajv: Ajv2020): void {
  for (const [keyword, [operator, holds]] of Object.entries(limits))
    replace(ajv, keyword, {
      type: 'number',
      error: { message: ({ schemaCode }) => str`must be ${operator} ${schemaCode}` },
      holds: (value, limit) => holds(value as Numeric, limit as Numeric),
    })
  replace(ajv, 'const', {
    error: {
      message: 'must be equal to constant',
      params: ({ schemaCode }) => _`{allowedValue: ${schemaCode}}`,
    },
    holds: (value, constant) => canonical(value) === canonical(constant),
  })
  replace(ajv, 'enum', {
    error: {
      message: 'must be equal to one of the allowed values',
      params: ({ schemaCode }) => _`{allowedValues: ${schemaCode}}`,
    },
    holds: (value, allowed) => {
      const text = canonical(value)
      return Array.isArray(allowed) && allowed.some((one) => canonical(one) === text)
    },
  })
  replace(ajv, 'uniqueItems', {
    type: 'array',
    error: { message: 'must NOT have duplicate items' },
    holds: (value, wanted) =>
      wanted !== true || new Set((value as unknown[]).map(canonical)).size === (value as unknown[]).length,
  })
}

interface Replacement {
  readonly type?: 'number' | 'array'
  readonly error: KeywordErrorDefinition
  readonly holds: (value: unknown, schema: unknown) => boolean
}

interface Place {
  readonly parentData: object | undefined
  readonly parentDataProperty: string | number
}

function replace(ajv: Ajv2020, keyword: string, { type, error, holds }: Replacement): void {
  ajv.removeKeyword(keyword)
  ajv.addKeyword({
    keyword,
    ...(type === undefined ? {} : { type }),
    error,
    validate: function (this: unknown, schema: unknown, data: unknown, _parent?: unknown, place?: Place) {
      return holds(exactly(this as Approximation, data, place), schema)
    },
  })
}

function exactly({ exact, containers }: Approximation, data: unknown, place?: Place): unknown {
  if (typeof data === 'object' && data !== null) return containers.get(data) ?? data
  if (typeof data !== 'number') return data
  if (place?.parentData === undefined) return exact
  return containers.get(place.parentData)?.[place.parentDataProperty]
}

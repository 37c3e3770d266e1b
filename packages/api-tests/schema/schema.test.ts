import { describe, expect, test } from '@jest/globals'
import { compileSchema, validatorOf, type Schema } from './schema.ts'

test('a pattern that takes exponential time elsewhere has its answer at once', () => {
  const validate = compileSchema({ type: 'string', pattern: '^(a+)+$' }, { limitMs: 1000 })
  expect(validate('a'.repeat(60))).toBeNull()
  expect(validate(`${'a'.repeat(60)}!`)).toBe('$ must match pattern "^(a+)+$"')
})

test('a pattern that can only be matched by backtracking is given up after a second', () => {
  const validate = compileSchema({ type: 'string', pattern: '^(?=(a+)+$)' })
  expect(validate('aa')).toBeNull()
  expect(() => validate(`${'a'.repeat(60)}!`)).toThrow('took more than 1000 ms and was stopped')
})

test('of millions of mistakes the first one is named: each would take memory', () => {
  const validate = compileSchema({ type: 'array', items: { type: 'string' } }, { limitMs: 60_000 })
  expect(validate(Array<number>(8_000_000).fill(1))).toBe('$[0] must be string')
})

test('each pattern of a schema is its own', () => {
  const validate = compileSchema({ allOf: [{ pattern: '^a' }, { pattern: 'b$' }] })
  expect([validate('ab'), validate('a'), validate('b')]).toEqual([
    null,
    '$ must match pattern "b$"',
    '$ must match pattern "^a"',
  ])
})

test('an asynchronous schema is refused: its answer would be a promise, and count as yes', () => {
  expect(() => compileSchema({ $async: true, type: 'string' })).toThrow(
    expect.objectContaining({ code: 'bad-schema' }),
  )
})

test('lists within lists in a schema that is referred to cost no power of their depth', () => {
  const nested = JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown
  const $defs = { Doc: { type: 'string', enum: [nested] } }
  const compiled = compileSchema({ $ref: '#/$defs/Doc', $defs }, { limitMs: 60_000 })
  expect(compiled('x')).toContain('must be equal to one of the allowed values')
})

test('a pattern that is found to be unusable only when it is tried is a refusal', () => {
  const validate = compileSchema({ type: 'string', pattern: `(?=a)${'a.'.repeat(40_000)}` })
  expect(() => validate('x')).toThrow(expect.objectContaining({ code: 'bad-schema' }))
})

test('a pattern that is only valid without Unicode mode is matched', () => {
  const validate = compileSchema({ type: 'string', pattern: '^[A-Z]{2}\\-[0-9]+$' })
  expect(validate('AB-12')).toBeNull()
  expect(validate('AB12')).toContain('must match pattern')
})

describe('of alternatives the nearest one speaks', () => {
  const cat = { required: ['kind', 'name'], properties: { kind: { const: 'cat' }, name: { type: 'string' } } }
  const dog = { required: ['kind', 'age'], properties: { kind: { const: 'dog' }, age: { type: 'integer' } } }
  const nested = (levels: number): Schema =>
    levels === 0 ? cat : { anyOf: [nested(levels - 1), { type: 'string' }, nested(levels - 1)] }

  test.each<[string, Schema, unknown, string]>([
    [
      'in the schema itself',
      { oneOf: [cat, dog] },
      { kind: 'dog', age: 'x' },
      '$ must match exactly one schema in oneOf (the nearest of 2: $.age must be integer)',
    ],
    [
      'by reference',
      { $defs: { cat, dog }, oneOf: [{ $ref: '#/$defs/cat' }, { $ref: '#/$defs/dog' }] },
      { kind: 'dog', age: 'x' },
      '$ must match exactly one schema in oneOf (the nearest of 2: $.age must be integer)',
    ],
    [
      'beside other mistakes',
      { required: ['q'], anyOf: [{ type: 'string' }, cat] },
      { kind: 'cat', name: 7 },
      "$ must match a schema in anyOf (the nearest of 2: $.name must be string), $ must have required property 'q'",
    ],
    ['where two fit', { oneOf: [{ type: 'object' }, {}] }, {}, '$ must match exactly one schema in oneOf'],
    [
      'within each other',
      nested(5),
      { kind: 'cat' },
      "$ must match a schema in anyOf (the nearest of 3: $ must have required property 'name')",
    ],
    [
      'in a list',
      { items: { anyOf: [cat, dog] } },
      [{ kind: 'dog' }],
      "$[0] must match a schema in anyOf (the nearest of 2: $[0] must have required property 'age')",
    ],
  ])('%s', (_, schema, value, sentence) => {
    expect(compileSchema(schema)(value)).toBe(sentence)
  })
})

test('a schema is compiled once, however many answers it judges', () => {
  const schema = { type: 'string' }
  expect(validatorOf(schema)).toBe(validatorOf(schema))
  expect(validatorOf({ type: 'string' })).not.toBe(validatorOf(schema))
})

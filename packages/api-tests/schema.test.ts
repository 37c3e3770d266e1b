import { expect, test } from '@jest/globals'
import { compileSchema } from './schema.ts'

test('a slow pattern of a schema is given up', () => {
  const validate = compileSchema({ type: 'string', pattern: '^(a+)+$' }, { limitMs: 2000 })
  expect(() => validate(`${'a'.repeat(60)}!`)).toThrow('was stopped')
})

test('an asynchronous schema is refused: its answer would be a promise, and count as yes', () => {
  expect(() => compileSchema({ $async: true, type: 'string' })).toThrow(
    expect.objectContaining({ code: 'bad-schema' }),
  )
})

test('lists within lists in a schema that is referred to cost no power of their depth', () => {
  const nested = JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown
  const document = { components: { schemas: { Doc: { type: 'string', enum: [nested] } } } }
  const compiled = compileSchema(
    { $ref: 'document:openapi#/components/schemas/Doc' },
    { document, limitMs: 60_000 },
  )
  expect(compiled('x')).toContain('must be equal to one of the allowed values')
})

test('a pattern that is found to be unusable only when it is tried is a refusal', () => {
  const validate = compileSchema({ type: 'string', pattern: 'a.'.repeat(40_000) })
  expect(() => validate('x')).toThrow(expect.objectContaining({ code: 'bad-schema' }))
})

import { expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { parseOpenapi } from './openapi.ts'
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

test('an OpenAPI document in nested YAML is refused by its form', () => {
  expect(() => parseOpenapi('? '.repeat(400) + 'a', 'openapi.yaml')).toThrow(
    'openapi.yaml is not an OpenAPI document: it cannot be read as JSON or YAML: line 1: got more than 100 levels',
  )
})

test('an OpenAPI path with many templates is matched in linear time', () => {
  const document = { openapi: '3.0.0', paths: { [`/${'{a}'.repeat(30)}!`]: { get: {} } } }
  const openapi = inTime('reading', () => parseOpenapi(JSON.stringify(document), 'x'), 5000)
  expect(inTime('matching', () => openapi.find('GET', `/${'a'.repeat(5000)}`), 1000)).toBeNull()
  expect(openapi.find('GET', `/${'a'.repeat(5000)}!`)).not.toBeNull()
  const open = { openapi: '3.0.0', paths: { [`/${'{'.repeat(300_000)}`]: { get: {} } } }
  expect(() => inTime('reading', () => parseOpenapi(JSON.stringify(open), 'x'), 20_000)).not.toThrow()
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

test('a document that nests without an end is refused, as JSON too', () => {
  const document = `{"openapi":"3.0.0","paths":{"/a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`
  expect(() => parseOpenapi(document, 'x')).toThrow('nests deeper than 100 levels')
})

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
})

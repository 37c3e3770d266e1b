import { expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { parseOpenapi } from './openapi.ts'

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

test('a document that nests without an end is refused, as JSON too', () => {
  const document = `{"openapi":"3.0.0","paths":{"/a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`
  expect(() => parseOpenapi(document, 'x')).toThrow('nests deeper than 100 levels')
})

import { expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { readDocument } from './document.ts'
import { parseOpenapi } from './openapi.ts'
import { convertSchema } from './schema/convert-schema.ts'

const at = (source: string) => ({ source, url: new URL('https://shop.example') })

test('an OpenAPI document in nested YAML is refused by its form', () => {
  expect(() => parseOpenapi('? '.repeat(400) + 'a', at('openapi.yaml'))).toThrow(
    'openapi.yaml is not an OpenAPI document: it cannot be read as JSON or YAML: line 1: got more than 100 levels',
  )
})

test('an OpenAPI path with many templates is matched in linear time', () => {
  const document = { openapi: '3.0.0', paths: { [`/${'{a}'.repeat(30)}!`]: { get: {} } } }
  const openapi = inTime('reading', () => parseOpenapi(JSON.stringify(document), at('x')), 5000)
  expect(inTime('matching', () => openapi.find('GET', `/${'a'.repeat(5000)}`), 1000)).toBeNull()
  expect(openapi.find('GET', `/${'a'.repeat(5000)}!`)).not.toBeNull()
  const open = { openapi: '3.0.0', paths: { [`/${'{'.repeat(300_000)}`]: { get: {} } } }
  expect(() => inTime('reading', () => parseOpenapi(JSON.stringify(open), at('x')), 20_000)).not.toThrow()
})

test('a document that nests without an end is refused, as JSON too', () => {
  const document = `{"openapi":"3.0.0","paths":{"/a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`
  expect(() => parseOpenapi(document, at('x'))).toThrow('nests deeper than 100 levels')
})

test('references within references are converted in bounded time, and circles lead nowhere', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const level = (n: number) => ({ allOf: Array.from({ length: 8 }, () => ref(`S${n + 1}`)) })
  const levels = Array.from({ length: 40 }, (_, n) => [`S${n}`, level(n)] as const)
  const schemas = { ...Object.fromEntries(levels), S40: {}, A: ref('B'), B: ref('A') }
  const text = JSON.stringify({ openapi: '3.0.0', paths: { '/a': {} }, components: { schemas } })
  const document = readDocument(text, 'x')
  expect(inTime('converting', () => convertSchema(document, ref('S0')), 5000).notes).toEqual([])
  expect(convertSchema(document, ref('A')).notes).toEqual([
    'the reference "#/components/schemas/A" leads out of the document, or to nothing',
  ])
})

import { expect, test } from '@jest/globals'
import { fromJson, toJson, toServerJson } from './exact-json.ts'

test.each([
  '{"max":9007199254740993}',
  '{"min":-9223372036854775808,"max":18446744073709551615}',
  '[9007199254740993,1,0.1,"9007199254740993"]',
  '9007199254740993',
  '{"small":9007199254740991,"text":": 12345678901234567"}',
])('%s keeps its digits', (text) => {
  expect(toJson(fromJson(text))).toBe(text)
})

test('what a number holds exactly stays a number, and so does what is no integer', () => {
  expect(fromJson('{"a":1,"b":9007199254740991,"c":1e300,"d":0.12345678901234567890}')).toEqual({
    a: 1,
    b: 9007199254740991,
    c: 1e300,
    d: 0.12345678901234568,
  })
})

test('is written with the escapes of the API server, whose patches compare texts by their bytes', () => {
  const value = { match: 'Host(`a`) && PathPrefix(`/<b>`)', line: '\u2028' }
  const text = toServerJson(value)
  expect(text).toBe('{"match":"Host(`a`) \\u0026\\u0026 PathPrefix(`/\\u003cb\\u003e`)","line":"\\u2028"}')
  expect(fromJson(text)).toEqual(value)
})

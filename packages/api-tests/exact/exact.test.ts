import { describe, expect, test } from '@jest/globals'
import { parseApiTests } from '../api-file.ts'
import { canonical, parseExact, writeExact } from './exact-json.ts'
import { capture } from '../expect/capture.ts'
import { problemsOf } from '../expect/expect.ts'
import type { Reply } from '../send/http.ts'
import { compileSchema } from '../schema/schema.ts'

const big = 9007199254740993n

describe('JSON with large integers', () => {
  test.each([
    ['9007199254740993', big],
    ['-9007199254740993', -big],
    ['9007199254740993.0', big],
    ['9.007199254740993e15', big],
    ['9007199254740991', 9007199254740991],
    ['1e22', 10n ** 22n],
    ['1e400', 10n ** 400n],
    ['1.5e300', 15n * 10n ** 299n],
    ['0.1', 0.1],
    ['1e-7', 1e-7],
    ['12345678901234567.25', 12345678901234568],
  ])('%s is read exactly', (text, value) => {
    expect(parseExact(text)).toBe(value)
  })

  test('keeps keys such as __proto__, and is written as it was read', () => {
    const text = '{"__proto__":{"id":9007199254740993},"a":[1,18446744073709551615]}'
    expect(writeExact(parseExact(text))).toBe(text)
  })

  test('takes no time for a number of endless digits', () => {
    expect(() => parseExact(`[${'9'.repeat(5_000_000)}]`)).toThrow('more than 4096 digits')
    expect(() => parseExact('1e999999999')).toThrow('more than 4096 digits')
  })

  test('is equal by value, not by form', () => {
    expect(canonical(parseExact('{"b":1e23,"a":1.0}'))).toBe(canonical({ a: 1, b: 1e23 }))
    expect(canonical([big])).not.toBe(canonical([big - 1n]))
  })
})

const schemaProblem = (schema: string, value: string) =>
  compileSchema(parseExact(schema) as object as Record<string, unknown>)(parseExact(value))

describe('a schema with large integers', () => {
  test.each([
    ['{"type":"integer"}', '9007199254740993'],
    ['{"type":"integer","format":"int64","maximum":9223372036854775807}', '9223372036854775807'],
    ['{"const":9007199254740993}', '9007199254740993'],
    ['{"properties":{"a":{"items":{"enum":[1,9007199254740993]}}}}', '{"a":[1,9007199254740993]}'],
    ['{"multipleOf":9007199254740993}', '18014398509481986'],
    ['{"multipleOf":0.01}', '19.99'],
    ['{"uniqueItems":true}', '[9007199254740992,9007199254740993]'],
    ['{"$defs":{"a":{"minimum":9007199254740993}},"items":{"$ref":"#/$defs/a"}}', '[9007199254740993]'],
    ['{"type":"number"}', '1e400'],
  ])('%s agrees with %s', (schema, value) => {
    expect(schemaProblem(schema, value)).toBeNull()
  })

  test.each([
    ['{"maximum":9223372036854775807}', '9223372036854775808', '$ must be <= 9223372036854775807'],
    ['{"exclusiveMinimum":9007199254740993}', '9007199254740993', '$ must be > 9007199254740993'],
    ['{"const":9007199254740992}', '9007199254740993', 'equal to constant (9007199254740992)'],
    ['{"properties":{"a":{"enum":[9007199254740992]}}}', '{"a":9007199254740993}', '([9007199254740992])'],
    ['{"const":{"a":[9007199254740992]}}', '{"a":[9007199254740993]}', 'must be equal to constant'],
    ['{"multipleOf":2}', '9007199254740993', 'must be multiple of 2'],
    ['{"multipleOf":0.01}', '19.995', 'must be multiple of 0.01'],
    ['{"uniqueItems":true}', '[{"a":1,"b":2},{"b":2,"a":1.0}]', 'must NOT have duplicate items'],
    ['{"items":{"maximum":9007199254740992}}', '[9007199254740993]', '$[0] must be <= 9007199254740992'],
    ['{"type":"string"}', '9007199254740993', '$ must be string'],
  ])('%s refuses %s', (schema, value, problem) => {
    expect(schemaProblem(schema, value)).toContain(problem)
  })
})

describe('a test with large integers', () => {
  const reply: Reply = { status: 200, headers: {}, body: '{"id":9007199254740993,"n":[1e22]}', ms: 1 }
  const parsed = (test: string) => {
    const [one] = parseApiTests(`tests: [{ name: a, ${test} }]`, 't')
    if (one === undefined) throw new Error('no test')
    return one
  }

  test('captures all their digits', () => {
    expect(capture(reply, { id: '$.id', n: '$.n[0]', all: '$' })).toEqual(
      new Map([
        ['id', '9007199254740993'],
        ['n', '10000000000000000000000'],
        ['all', '{"id":9007199254740993,"n":[10000000000000000000000]}'],
      ]),
    )
  })

  test('sends them in its body', () => {
    expect(parsed('request: { path: /, json: { id: 9007199254740993 } }').request.body).toBe(
      '{"id":9007199254740993}',
    )
  })

  test.each([
    ['{ $.id: 9007199254740993 }', []],
    ['{ $.id: 9007199254740992 }', ['$.id is 9007199254740993, expected 9007199254740992']],
    ['{ $.id: { const: 9007199254740993 } }', []],
    ['{ $.id: { maximum: 9007199254740992 } }', ['$.id is 9007199254740993: it must be <= 9007199254740992']],
    ['{ $.n: [1e22] }', []],
  ])('expects them exactly: %s', (json, problems) => {
    const { expect: expected } = parsed(`request: { path: / }, expect: { json: ${json} }`)
    expect(problemsOf(reply, expected)).toEqual(problems)
  })
})

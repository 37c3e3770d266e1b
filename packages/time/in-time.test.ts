import { expect, test } from '@jest/globals'
import { inTime } from './in-time.ts'

test('work without an end is stopped by name', () => {
  const evil = /^(a+)+$/
  expect(() => inTime('the pattern', () => evil.test(`${'a'.repeat(60)}!`), 20)).toThrow(
    'the pattern took more than 20 ms and was stopped',
  )
})

test('work in time has its result, and its own errors', () => {
  expect(inTime('the sum', () => 1 + 1)).toBe(2)
  expect(() =>
    inTime('the sum', () => {
      throw new TypeError('no')
    }),
  ).toThrow(TypeError)
})

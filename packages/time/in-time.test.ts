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

test('work that a busy machine gave no time is begun again', () => {
  let tries = 0
  const starved = () => {
    tries += 1
    // Waits without a processor, as a process does that gets none.
    if (tries < 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
    return tries
  }
  expect(inTime('the text', starved, 10)).toBe(3)
  tries = -9
  expect(() => inTime('the text', starved, 1)).toThrow('took more than 1 ms')
})

test('work within other work has its own limit', () => {
  expect(inTime('outer', () => inTime('inner', () => 1) + inTime('inner', () => 1))).toBe(2)
})

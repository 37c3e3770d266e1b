import { expect, test } from '@jest/globals'
import { newErrors } from './log-errors.ts'

test.each([
  '2026-12-01T10:00:00Z ERROR cannot open the queue',
  'level=error msg="cannot open the queue"',
  '{"level":"error","msg":"cannot open the queue"}',
  '{"level":50,"time":1764582000000,"msg":"cannot open the queue"}',
  'panic: runtime error: index out of range',
  'Traceback (most recent call last):',
  'Uncaught TypeError: x is not a function',
])('%s is an error that counts', (line) => {
  expect(newErrors(['started', line], ['started'])).toEqual([line])
})

test.each(['the error handler is registered', '{"level":30,"msg":"0 errors"}', 'GET /errors 200'])(
  '%s is none',
  (line) => {
    expect(newErrors([line], [])).toEqual([])
  },
)

test('an error that the old version logs as well says nothing about the new one, whatever its figures', () => {
  const old = '2026-12-01T10:00:00Z ERROR peer 10.0.0.7 has gone'
  const fresh = '2026-12-01T11:12:13Z ERROR peer 10.0.0.9 has gone'
  expect(newErrors([fresh], [old])).toEqual([])
})

test('each kind counts once', () => {
  expect(newErrors(['ERROR 1', 'ERROR 2'], [])).toEqual(['ERROR 1'])
})

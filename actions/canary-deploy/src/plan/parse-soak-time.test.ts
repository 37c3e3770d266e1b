import { expect, test } from '@jest/globals'
import { parseSoakTime } from './parse-soak-time.ts'

test.each([
  ['5m', 300_000, 300_000],
  ['0s', 0, 0],
  ['5m, quiet 30s', 300_000, 30_000],
  ['10m,quiet 10m', 600_000, 600_000],
])('%s', (raw, ms, quietMs) => {
  expect(parseSoakTime(raw, 'bake')).toEqual({ ms, quietMs })
})

test.each([
  ['soon', /got "soon", expected a duration/],
  ['5m, quiet later', /got "later", expected a duration/],
  ['5m, 30s', /got "5m, 30s", expected a duration/],
  ['30s, quiet 5m', /got "30s, quiet 5m", expected a quiet time of at most 30s/],
])('%s is refused', (raw, problem) => {
  expect(() => parseSoakTime(raw, 'bake')).toThrow(problem)
})

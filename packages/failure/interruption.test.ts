import { expect, test } from '@jest/globals'
import { describe, interruption } from './index.ts'

test.each([
  [new Error('interrupted by SIGTERM'), 'interrupted by SIGTERM: nothing was pushed; run it again'],
  ['a text', 'interrupted: nothing was pushed; run it again'],
])('an interruption says why, what is left and what to do: %s', (reason, line) => {
  const failure = interruption(AbortSignal.abort(reason), 'nothing was pushed', 'run it again')
  expect(failure).toMatchObject({ code: 'interrupted', fault: 'outside' })
  expect(describe(failure)).toBe(line)
})

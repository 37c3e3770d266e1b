import { expect, test } from '@jest/globals'
import { secretsIn } from './entries.ts'

test.each([
  ['one=first\ntwo=second=x', ['first', 'second=x']],
  ['"key=line 1\nline 2\r3"', ['line 1\nline 2\r3']],
  ['"key=not closed\nother=y', ['not closed', 'y']],
  ['no-value', ['no-value']],
])('%j contains %j, whether it parses or not', (raw, secrets) => {
  expect(secretsIn(raw)).toEqual(expect.arrayContaining(secrets))
})

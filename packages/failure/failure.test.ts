import { describe as group, expect, test } from '@jest/globals'
import { Failure, asFailure, describe } from './index.ts'

group('Failure', () => {
  test('a description holds the message, its causes and the remedy in one line', () => {
    const reset = Object.assign(new Error('read failed'), { code: 'ECONNRESET' })
    const failure = new Failure('registry', 'cannot read ghcr.io', {
      fault: 'outside',
      cause: reset,
      hint: 'try again',
    })
    expect(describe(failure)).toBe('cannot read ghcr.io: read failed (ECONNRESET); try again')
  })

  test('a cause that the message already quotes is not said twice', () => {
    const failure = new Failure('x', 'cannot do it: boom', { fault: 'outside', cause: new Error('boom') })
    expect(describe(failure)).toBe('cannot do it: boom')
  })

  test('an unclassified throwable counts as our own fault', () => {
    expect(asFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'unexpected', fault: 'ours' })
    expect(asFailure('a string').message).toBe('a string')
  })
})

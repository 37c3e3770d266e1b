import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { causeOf, causeOfAll } from './cause.ts'

const outside = (code: string) => new Failure(code, 'no', { fault: 'outside' })

test.each([
  ['its address refuses connections', outside('not-accepted'), 'service'],
  ['it does not answer', outside('no-answer'), 'service'],
  ['it breaks off', outside('broken-off'), 'service'],
  ['its answer takes too long to check', outside('too-slow'), 'service'],
  ['verify cannot explain its own error', new RangeError('Maximum call stack size exceeded'), 'service'],
  ['its name has no address', outside('unreachable'), 'outside'],
  ['the cluster denies a read', outside('forbidden'), 'outside'],
  ['a file of the repository is invalid', new Failure('bad-schema', 'no', { fault: 'input' }), 'outside'],
])('where %s', (_, error, cause) => {
  expect(causeOf(error)).toBe(cause)
})

const [passed, refused] = [{ outcome: 'passed' } as const, { outcome: 'refused' } as const]
const failed = (cause: 'service' | 'outside') => ({ outcome: 'failed', cause }) as const

test.each([
  ['nobody where all passed', [passed], null],
  ['the service where it was refused', [passed, refused], 'service'],
  [
    'the service where it was refused and another check could not be done',
    [refused, failed('outside')],
    'service',
  ],
  ['the service where it ended one check of several', [failed('outside'), failed('service')], 'service'],
  ['anything else where only that failed', [passed, failed('outside')], 'outside'],
])('the cause of a run is %s', (_, checks, cause) => {
  expect(causeOfAll(checks)).toBe(cause)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settings } from './environment.ts'

test('settings are parsed, and what is not set takes its fallback', () => {
  const parsed = settings({ A: 'http://a:1/x/', N: '7', EMPTY: '' }, (environment) => ({
    a: environment.url('A'),
    none: environment.optionalUrl('EMPTY'),
    n: environment.whole('N', { min: 0, max: 9, fallback: 1 }),
    m: environment.whole('M', { min: 0, max: 9, fallback: 1 }),
    text: environment.text('TEXT', 'else'),
  }))
  assert.deepEqual(parsed, { a: 'http://a:1/x', none: null, n: 7, m: 1, text: 'else' })
})

test('all faults are reported at once, by name', () => {
  assert.throws(
    () =>
      settings({ A: 'ftp://x', N: '12' }, (environment) => [
        environment.url('A'),
        environment.url('B'),
        environment.whole('N', { min: 0, max: 9, fallback: 1 }),
        environment.text('TEXT'),
      ]),
    {
      message:
        'environment: A: got "ftp://x", expected an absolute http or https URL; B: got nothing, expected an absolute http or ' +
        'https URL; N: got "12", expected a whole number from 0 to 9; TEXT: got nothing, expected a value',
    },
  )
})

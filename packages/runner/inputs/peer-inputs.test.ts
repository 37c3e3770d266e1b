import { expect, test } from '@jest/globals'
import { choice, collect, type Read } from '../index.ts'
import { parseOwn } from './peer-inputs.ts'

const peers = { severity: 'use fail-severity for what refuses', 'exit-code': 'use gate' }
const parse = (read: Read) => collect(read, { gate: choice(['enforce', 'report']) })
const reading =
  (given: Readonly<Record<string, string>>): Read =>
  (name) =>
    given[name] ?? ''

test('our own inputs are parsed', () => {
  expect(parseOwn(reading({ gate: 'report', exit: '1' }), parse, peers)).toEqual({ gate: 'report' })
})

test('an input of a peer is one error with the remedy', () => {
  expect(() => parseOwn(reading({ gate: 'report', severity: ' CRITICAL ' }), parse, peers)).toThrow(
    /^severity: got "CRITICAL", but there is no such input; use fail-severity for what refuses$/,
  )
})

test('all problems come together, and a long value is cut', () => {
  const given = reading({ gate: 'no', severity: 'x'.repeat(500), 'exit-code': '1' })
  expect(() => parseOwn(given, parse, peers)).toThrow(
    `3 inputs are wrong:
- severity: got "${'x'.repeat(60)}…", but there is no such input; use fail-severity for what refuses
- exit-code: got "1", but there is no such input; use gate
- gate: got "no", expected one of enforce, report`,
  )
})

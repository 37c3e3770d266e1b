import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from './greet.ts'

test('a greeting names the person', () => {
  equal(greet('Ada'), 'Hello, Ada!')
})

import { expect, test } from '@jest/globals'
import { groupOf } from './concurrency.ts'

test.each([
  ['concurrency: { group: production, queue: max }', 'production'],
  ['concurrency: beta', 'beta'],
  ['concurrency:\n  group: checks-${{ github.ref }}', 'checks-_github.ref_'],
  ['on: push', 'production'],
  ['', 'production'],
])('the concurrency group of %j is %s', (workflow, group) => {
  expect(groupOf(workflow)).toBe(group)
})

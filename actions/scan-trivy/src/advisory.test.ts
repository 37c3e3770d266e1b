import { expect, test } from '@jest/globals'
import { advisory } from './advisory.ts'

test.each([
  ['https://avd.aquasec.com/nvd/cve-2026-1', true],
  ['https://github.com/advisories/GHSA-x', true],
  ['https://github.com/evil/x', false],
  ['http://avd.aquasec.com/x', false],
  ['https://avd.aquasec.com.evil.example/x', false],
  ['https://avd.aquasec.com@evil.example/x', false],
  ['', false],
])('%s is linked: %p', (url, expected) => {
  expect(advisory(url)).toBe(expected ? url : null)
})

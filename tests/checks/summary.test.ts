import { expect, test } from '@jest/globals'
import type { Check, Verdict } from './check.ts'
import { partLines, verdictLine } from './summary.ts'

const verdict = (part: Check['part'], kind: Verdict['kind'], passed: number, failed: number): Verdict => ({
  check: { name: 'one', part, title: 'it holds', args: [], minutes: 1, needsLab: false },
  ...{ kind, seconds: 61.4, passed, failed },
})

test('a verdict has its time', () => {
  expect(verdictLine(verdict('e2e', 'late', 0, 1))).toBe('LATE  one (61 s): it holds')
})

test('each part has one line that counts it', () => {
  const verdicts = [
    verdict('e2e', 'passed', 1, 0),
    verdict('e2e', 'skipped', 0, 1),
    verdict('histories', 'passed', 40, 0),
  ]
  expect(partLines(verdicts)).toEqual(['e2e: 1 passed, 1 failed', 'histories: 40 passed, 0 failed'])
})

import { expect, test } from '@jest/globals'
import { type Timed, longestMs, longestOf } from './longest.ts'
import { always } from './parse-soak-time.ts'

const minute = 60_000
const usual = {
  audience: null,
  maxDuration: 45 * minute,
  rollbackWindow: always(10 * minute),
  readyTimeout: 5 * minute,
}

test.each([
  ['the usual times, with a comparison of ten minutes', {}, 80],
  ['no window, so nothing is compared', { rollbackWindow: always(0) }, 60],
  ['a short rollout has an hour all the same', { maxDuration: minute }, 60],
  [
    'an audience',
    { audience: { kind: 'cookie', name: 'beta', value: '1', holdMs: 30 * minute } as const },
    110,
  ],
])('%s', (_title, own, minutes) => {
  expect(longestMs({ ...usual, ...own })).toBe(minutes * minute)
})

test('a release has the time of its longest chain', () => {
  const target = (deployment: string, minutes: number, ...needs: readonly string[]) =>
    ({ deployment, needs, timeoutMs: minutes * minute }) satisfies Timed
  const targets = [target('a', 60), target('b', 80, 'a'), target('c', 70), target('d', 80, 'b', 'c')]
  expect(longestOf(targets)).toBe(220 * minute)
})

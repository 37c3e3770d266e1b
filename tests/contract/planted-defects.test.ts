import { expect, test } from '@jest/globals'
import type { Checked } from '../e2e/environment/verify.ts'
import { differences } from '../e2e/defects/plant.ts'
import { defects } from '../e2e/defects/table.ts'

const checked = (name: string, outcome: Checked['outcome'], because = 'it says so'): Checked => ({
  kind: 'security',
  name,
  outcome,
  because,
  durationMs: 1,
})

const expected = [{ check: 'security TLS version', because: /TLSv1\.1/ }]

test('a defect is found where its check refuses in its words, and every other one passes', () => {
  const checks = [checked('TLS version', 'refused', 'it accepts TLSv1.1'), checked('pods', 'passed')]
  expect(differences(expected, { checks })).toEqual([])
})

test.each([
  ['its check passes', [checked('TLS version', 'passed')], /passed, expected refused/],
  ['its check could not be done', [checked('TLS version', 'failed')], /failed, expected refused/],
  ['its check is not there', [], /no such check/],
  ['its check says something else', [checked('TLS version', 'refused')], /got "it says so"/],
  [
    'another check reports it too',
    [checked('TLS version', 'refused', 'TLSv1.1'), checked('pods', 'refused')],
    /nothing is wrong with security pods/,
  ],
  [
    'another check could not be done',
    [checked('TLS version', 'refused', 'TLSv1.1'), checked('pods', 'failed')],
    /nothing is wrong with security pods/,
  ],
])('it is not where %s', (_, checks, problem) => {
  const problems = differences(expected, { checks })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(problem)
})

test('there are thirty or more, each with a name of its own and a check that must find it', () => {
  expect(defects.length).toBeGreaterThanOrEqual(30)
  expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length)
  for (const { found } of defects) expect(found.length).toBeGreaterThan(0)
})

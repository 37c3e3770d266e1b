import { describe, expect, test } from '@jest/globals'
import { toMarkdown } from '@alt-las/outcome'
import type { Check } from './check.ts'
import { summarizeResults } from './summary.ts'

const check = (own: Partial<Check>): Check => {
  return { kind: 'security', name: 'rights', outcome: 'passed', because: 'fine', ms: 1, ...own }
}
const shown = (checks: readonly Check[]) =>
  toMarkdown({
    title: '',
    ...summarizeResults({ checks, load: null, bottleneck: null, capacity: null, uncovered: null }, ['load']),
  })

describe('the summary of verify', () => {
  const page = shown([
    check({ name: 'TLS', because: 'TLSv1.3' }),
    check({
      outcome: 'refused',
      because: 'may list secrets',
      remedy: 'remove the RoleBinding',
      cause: 'outside',
    }),
    check({
      kind: 'api',
      name: 'home',
      outcome: 'failed',
      because: 'no answer; try again',
      remedy: 'try again',
    }),
  ])

  test('has one line for each kind with its first finding, and names what did not run', () => {
    expect(page).toContain('| ❌ | Security | 1 of 2 passed | rights: may list secrets |')
    expect(page).toContain('| ⚠️ | API | 0 of 1 passed | home: no answer |')
    expect(page).toContain('| ⏭️ | Load | did not run |  |')
  })

  test('has a remedy beside each finding, said once', () => {
    expect(page).toContain('| ❌ | Security: rights | may list secrets | remove the RoleBinding |')
    expect(page).toContain('| ⚠️ | API: home | no answer | try again |')
  })

  test('does not blame the service for what surrounds it', () => {
    expect(shown([check({ outcome: 'refused', cause: 'outside' })])).toContain('not the verified service')
    expect(shown([check({ outcome: 'refused' })])).toContain('The cause is the verified service')
  })

  test('names what a check that passed could not look at', () => {
    const partly = shown([check({ notChecked: ['Grafana: no probe-image'] })])
    expect(partly).toContain('<summary>Not checked: 1</summary>')
    expect(partly).toContain('| rights | Grafana: no probe-image |')
    expect(page).not.toContain('Not checked')
  })
})

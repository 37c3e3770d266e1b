import { expect, test } from '@jest/globals'
import { keepIssue, type Issues } from './keep-issue.ts'

const issue = { number: 7, url: 'https://github.com/o/r/issues/7' }
function issues(open: boolean) {
  const calls: unknown[] = []
  const port: Issues = {
    findIssue: () => Promise.resolve(open ? issue : null),
    createIssue: (created) => {
      calls.push(created)
      return Promise.resolve(issue)
    },
    updateIssue: (number, change) => {
      calls.push([number, change.state])
      return Promise.resolve()
    },
  }
  return { port, calls }
}
const state = (passes: boolean) => ({ label: 'monitor', passes, title: 'it refuses', body: 'call @all' })

test('an issue is opened when it refuses, and calls nobody', async () => {
  const { port, calls } = issues(false)
  await expect(keepIssue(state(false), port)).resolves.toEqual({ url: issue.url, what: 'opened' })
  expect(calls).toEqual([{ title: 'it refuses', body: 'call @\u2060all', label: 'monitor' }])
})

test.each([
  [true, false, [[7, 'open']], 'updated'],
  [true, true, [[7, 'closed']], 'closed'],
] as const)(
  'an open issue (%s) where it passes (%s) is changed: %j',
  async (open, passes, expected, what) => {
    const { port, calls } = issues(open)
    await expect(keepIssue(state(passes), port)).resolves.toEqual({ url: issue.url, what })
    expect(calls).toEqual(expected)
  },
)

test('nothing is done where it passes and no issue is open', async () => {
  const { port, calls } = issues(false)
  await expect(keepIssue(state(true), port)).resolves.toBeNull()
  expect(calls).toEqual([])
})

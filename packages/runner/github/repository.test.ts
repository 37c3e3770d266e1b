import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fakeClock, wire, type Wire, type WireAnswer, type WireRequest } from '@alt-las/testing'
import { githubRepository } from './repository.ts'

let server: Wire
let answers: WireAnswer[]
const before = process.env['GITHUB_API_URL']
beforeEach(async () => {
  answers = []
  server = await wire(() => answers.shift() ?? { status: 500, body: {} })
  process.env['GITHUB_API_URL'] = server.url
})
afterEach(async () => {
  if (before === undefined) delete process.env['GITHUB_API_URL']
  else process.env['GITHUB_API_URL'] = before
  await server.close()
})

const json = { 'content-type': 'application/json' }
const say = (status: number, body: unknown): WireAnswer => ({ status, body, headers: json })
const issue = { number: 7, html_url: 'https://github.com/o/r/issues/7' }
const open = () => githubRepository('secret-token', 'o/r', fakeClock())
const sent = (): readonly Pick<WireRequest, 'method' | 'path'>[] =>
  server.requests.map(({ method, path }) => ({ method, path }))

describe('a repository on GitHub', () => {
  test('finds the oldest open issue of a label, and no pull request', async () => {
    answers = [say(200, [{ ...issue, number: 3, pull_request: {} }, issue])]
    await expect(open().findIssue('monitor')).resolves.toEqual({ number: 7, url: issue.html_url })
    expect(sent()).toEqual([
      {
        method: 'GET',
        path: '/repos/o/r/issues?labels=monitor&state=open&sort=created&direction=asc&per_page=20',
      },
    ])
    expect(server.requests[0]?.headers.authorization).toBe('token secret-token')
  })

  test('opens an issue once: a lost answer must not make a second one', async () => {
    answers = [say(502, {})]
    const created = open().createIssue({ title: 't', body: 'b', label: 'monitor' })
    await expect(created).rejects.toMatchObject({ code: 'github' })
    expect(sent()).toEqual([{ method: 'POST', path: '/repos/o/r/issues' }])
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ title: 't', body: 'b', labels: ['monitor'] })
  })

  test('changes an issue, again after an error of the server', async () => {
    answers = [say(503, {}), say(200, issue)]
    await open().updateIssue(7, { body: 'b', state: 'closed' })
    expect(sent()).toEqual(Array(2).fill({ method: 'PATCH', path: '/repos/o/r/issues/7' }))
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({ body: 'b', state: 'closed' })
  })

  test('starts a workflow with its inputs', async () => {
    answers = [{ status: 204 }]
    await open().startWorkflow('rollback.yaml', 'main', { service: 'all' })
    expect(sent()).toEqual([
      { method: 'POST', path: '/repos/o/r/actions/workflows/rollback.yaml/dispatches' },
    ])
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ ref: 'main', inputs: { service: 'all' } })
  })

  test('says which permission a token lacks, at once', async () => {
    answers = [say(403, { message: 'Resource not accessible by integration' })]
    const found = open().findIssue('monitor')
    await expect(found).rejects.toMatchObject({ hint: expect.stringContaining('issues: write') })
    expect(sent()).toHaveLength(1)
  })
})

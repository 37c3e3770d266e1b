// What actions do on GitHub beside their step: one repository, by the token of the job.
import { getOctokit } from '@actions/github'
import { Failure } from '@alt-las/failure'
import { retry, type Clock } from '@alt-las/time'

export interface Issue {
  readonly number: number
  readonly url: string
}

/** Every verb throws Failure `github` where GitHub refuses it or does not answer; what only reads, or may be done twice, is tried again. */
export interface GithubRepository {
  /** The oldest open issue with this label; null: there is none. */
  findIssue(label: string): Promise<Issue | null>
  createIssue(issue: {
    readonly title: string
    readonly body: string
    readonly label: string
  }): Promise<Issue>
  updateIssue(
    number: number,
    change: { readonly body: string; readonly state: 'open' | 'closed' },
  ): Promise<void>
  /** Starts a workflow with `workflow_dispatch`, by its file's name. */
  startWorkflow(file: string, ref: string, inputs: Readonly<Record<string, string>>): Promise<void>
}

const timeoutMs = 20_000
type Parameters = Readonly<Record<string, unknown>>

/** `repository`: `owner/name`. GITHUB_API_URL names another server than github.com. */
export function githubRepository(token: string, repository: string, clock: Clock): GithubRepository {
  const [owner = '', repo = ''] = repository.split('/')
  const octokit = getOctokit(token, { baseUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com' })
  const once = async (route: string, parameters: Parameters, what: string): Promise<unknown> => {
    try {
      const request = { signal: AbortSignal.timeout(timeoutMs) }
      const { data } = (await octokit.request(route, { owner, repo, ...parameters, request })) as {
        data: unknown
      }
      return data
    } catch (error) {
      throw refusal(error, `cannot ${what} in ${repository}`)
    }
  }
  const again = (route: string, parameters: Parameters, what: string) =>
    retry(() => once(route, parameters, what), { what, attempts: 3 }, clock)
  const issues = '/repos/{owner}/{repo}/issues'
  return {
    findIssue: async (label) => {
      const query = { labels: label, state: 'open', sort: 'created', direction: 'asc', per_page: 20 }
      const found = await again(`GET ${issues}`, query, 'look for an issue')
      const own = (Array.isArray(found) ? (found as readonly Raw[]) : []).find(isIssue)
      return own === undefined ? null : issueOf(own)
    },
    createIssue: async ({ title, body, label }) =>
      issueOf((await once(`POST ${issues}`, { title, body, labels: [label] }, 'open an issue')) as Raw),
    updateIssue: async (number, { body, state }) => {
      await again(`PATCH ${issues}/{issue_number}`, { issue_number: number, body, state }, 'change an issue')
    },
    startWorkflow: async (file, ref, inputs) => {
      const route = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
      await once(route, { workflow_id: file, ref, inputs }, `start the workflow ${file}`)
    },
  }
}

interface Raw {
  readonly number?: unknown
  readonly html_url?: unknown
  readonly pull_request?: unknown
}

/** GitHub lists pull requests among the issues. */
const isIssue = ({ pull_request }: Raw): boolean => pull_request === undefined

function issueOf({ number, html_url }: Raw): Issue {
  if (typeof number !== 'number' || typeof html_url !== 'string')
    throw new Failure('github', 'GitHub answered with an issue that has no number', { fault: 'outside' })
  return { number, url: html_url }
}

function refusal(error: unknown, what: string): Failure<'github'> {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0
  const hint =
    status === 403 || status === 404
      ? {
          hint: 'give the job the permission: `issues: write` for issues, `actions: write` to start a workflow',
        }
      : {}
  const isTransient = status === 0 || status === 429 || status >= 500
  return new Failure('github', what, { fault: 'outside', cause: error, transient: isTransient, ...hint })
}

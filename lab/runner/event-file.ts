import type { RunRequest } from './run-folder.ts'

export interface Commit {
  readonly message: string
  /** ISO 8601. */
  readonly time: string
  readonly author: string
}

/** The event that GitHub would hand to the workflow. */
export function eventOf(request: RunRequest, commit: Commit): unknown {
  const [owner = '', name = ''] = request.repository.split('/')
  const repository = {
    full_name: request.repository,
    name,
    owner: { login: owner, name: owner },
    default_branch: 'main',
    private: true,
  }
  const common = { ref: request.ref, repository, sender: { login: 'lab' } }
  if (request.event === 'workflow_dispatch')
    return { ...common, workflow: request.workflow, inputs: request.inputs }
  const head = {
    id: request.sha,
    message: commit.message,
    timestamp: commit.time,
    author: { name: commit.author },
    committer: { name: commit.author },
  }
  const before = '0'.repeat(40)
  return {
    ...common,
    before,
    after: request.sha,
    created: true,
    deleted: false,
    forced: false,
    head_commit: head,
    pusher: { name: 'lab' },
  }
}

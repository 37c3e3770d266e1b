import type { Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { followRun } from '../runner/follow.ts'
import { newRun, type RunRequest } from '../runner/run-folder.ts'
import { startRun } from '../runner/start.ts'
import { startsOnTag } from '../runner/triggers.ts'
import { bareRepository } from './repository.ts'

export interface Push {
  readonly repository: string
  readonly variables: Readonly<Record<string, string>>
}

/** The hook's work: for every pushed tag, the runs of the workflows that wait for it, streamed to who pushed. */
export async function receive(lab: Lab, push: Push, refs: string): Promise<void> {
  for (const line of refs.split('\n')) {
    const [, sha = '', ref = ''] = line.trim().split(' ')
    if (!ref.startsWith('refs/tags/') || /^0+$/.test(sha)) continue
    await runTag(lab, push, { ref, sha, attempt: 1 })
  }
}

/** Runs what a tag starts; true when all of it succeeded. Throws when no workflow waits for such a tag. */
export async function runTag(
  lab: Lab,
  push: Push,
  tag: { readonly ref: string; readonly sha: string; readonly attempt: number },
): Promise<boolean> {
  const bare = bareRepository(lab, push.repository)
  const sha = (await must('git', ['--git-dir', bare, 'rev-parse', `${tag.sha}^{commit}`])).trim()
  const workflows = await waitingFor(bare, sha, tag.ref.slice('refs/tags/'.length))
  if (workflows.length === 0)
    throw new Error(`${tag.ref}: no workflow of ${push.repository} starts on this tag`)
  let green = true
  for (const workflow of workflows) {
    const request: RunRequest = {
      ...push,
      event: 'push',
      ref: tag.ref,
      sha,
      workflow,
      inputs: {},
      attempt: tag.attempt,
    }
    const run = newRun(lab, request)
    await startRun(lab, run)
    green = (await followRun(lab, run)) && green
  }
  return green
}

async function waitingFor(bare: string, sha: string, tag: string): Promise<readonly string[]> {
  const listed = await must('git', ['--git-dir', bare, 'ls-tree', '--name-only', sha, '.github/workflows/'])
  const found: string[] = []
  for (const file of listed.split('\n').filter((name) => /\.ya?ml$/.test(name))) {
    const text = await must('git', ['--git-dir', bare, 'show', `${sha}:${file}`])
    if (startsOnTag(text, tag)) found.push(file)
  }
  return found
}

import { existsSync } from 'node:fs'
import type { Lab } from './base/lab.ts'
import { must, run } from './base/run.ts'
import { runTag } from './git/receive.ts'
import { ensureRepository, product } from './git/repository.ts'
import { followRun } from './runner/follow.ts'
import { newRun, requestOf, runNumbers, statusOf } from './runner/run-folder.ts'
import { startRun } from './runner/start.ts'

export interface ReleaseRequest {
  readonly tag: string
  /** The checkout that holds the tag; by default the one that the lab belongs to. */
  readonly from: string
  readonly repository: string
  readonly variables: Readonly<Record<string, string>>
}

/** Pushes the tag to the lab and streams what it starts; a tag that the lab has already runs again. True when all was green. */
export async function release(lab: Lab, request: ReleaseRequest): Promise<boolean> {
  needsUp(lab)
  const { repository, variables } = request
  const bare = await ensureRepository(lab, repository)
  await pushMain(lab)
  const ref = `refs/tags/${request.tag}`
  const there = await commitOf(['--git-dir', bare], ref)
  const here = (await commitOf(['-C', request.from], ref)) ?? (await commitOf(['-C', request.from], 'HEAD'))
  if (here === null) throw new Error(`${request.from}: not a git repository with a commit`)
  if (there !== null) {
    const other =
      there === here
        ? ''
        : `; it stays at its commit, though ${request.from} is at ${here.slice(0, 12)}: take another tag for that`
    lab.log(`${request.tag} is in the lab already (${there.slice(0, 12)}): running it again${other}`)
    return await runTag(
      lab,
      { repository, variables },
      { ref, sha: there, attempt: attemptsOf(lab, repository, ref) + 1 },
    )
  }
  return await push(lab, request, bare, here)
}

async function push(lab: Lab, request: ReleaseRequest, bare: string, commit: string): Promise<boolean> {
  const before = runNumbers(lab).at(-1) ?? 0
  const ref = `refs/tags/${request.tag}`
  const tagged = (await run('git', ['-C', request.from, 'rev-parse', '--verify', '--quiet', ref])).code === 0
  lab.log(`git push lab ${request.tag} (${commit.slice(0, 12)})`)
  if ((await run('git', ['-C', request.from, 'status', '--porcelain'])).stdout !== '')
    lab.log(`${request.from} has changes that are not committed: they are not part of ${request.tag}`)
  const env = { ...lab.environment, ALT_LAS_LAB_VARIABLES: JSON.stringify(request.variables) }
  const pushed = await run(
    'git',
    ['-C', request.from, 'push', '--porcelain', bare, `${tagged ? ref : commit}:${ref}`],
    {
      env,
      onLine: (line) => {
        if (line.startsWith('remote: ')) lab.print(`${line.slice('remote: '.length).trimEnd()}\n`)
      },
    },
  )
  if (pushed.code !== 0) throw new Error(`git push: ${pushed.stderr.trim()}`)
  const runs = runNumbers(lab).filter((one) => one > before && requestOf(lab, one).ref === ref)
  if (runs.length === 0)
    throw new Error(`${request.tag}: no workflow of ${request.repository} starts on this tag`)
  return runs.every((one) => statusOf(lab, one)?.result === 'success')
}

/** Starts a workflow by hand, as `workflow_dispatch` does, on the checkout's commit or on a tag that the lab has. */
export async function dispatch(
  lab: Lab,
  request: {
    readonly workflow: string
    readonly ref: string | null
    readonly inputs: Readonly<Record<string, string>>
    readonly variables: Readonly<Record<string, string>>
  },
): Promise<boolean> {
  needsUp(lab)
  const main = await pushMain(lab)
  const bare = await ensureRepository(lab, product)
  const ref = request.ref === null ? 'refs/heads/main' : `refs/tags/${request.ref}`
  const sha = request.ref === null ? main : await commitOf(['--git-dir', bare], ref)
  if (sha === null)
    throw new Error(
      `${request.ref ?? ''}: got no tag of the lab, expected one: git push lab ${request.ref ?? ''}`,
    )
  const workflow = `.github/workflows/${request.workflow}`
  if ((await run('git', ['--git-dir', bare, 'cat-file', '-e', `${sha}:${workflow}`])).code !== 0) {
    throw new Error(`${workflow}: not in the commit ${sha.slice(0, 12)}`)
  }
  const { inputs, variables } = request
  const number = newRun(lab, {
    repository: product,
    event: 'workflow_dispatch',
    ref,
    sha,
    workflow,
    inputs,
    variables,
    attempt: 1,
  })
  await startRun(lab, number)
  return await followRun(lab, number)
}

/** The lab's `main` is the checkout's commit: what dispatched workflows and services that name a missing version take. */
async function pushMain(lab: Lab): Promise<string> {
  const bare = await ensureRepository(lab, product)
  await must('git', ['-C', lab.repository, 'push', '--quiet', '--force', bare, 'HEAD:refs/heads/main'])
  return (await must('git', ['-C', lab.repository, 'rev-parse', 'HEAD'])).trim()
}

const attemptsOf = (lab: Lab, repository: string, ref: string): number =>
  runNumbers(lab).filter(
    (one) => requestOf(lab, one).repository === repository && requestOf(lab, one).ref === ref,
  ).length

async function commitOf(where: readonly string[], ref: string): Promise<string | null> {
  const answer = await run('git', [...where, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
  return answer.code === 0 ? answer.stdout.trim() : null
}

function needsUp(lab: Lab): void {
  if (!existsSync(lab.home)) throw new Error('the lab is not up: npm run lab -- up')
}

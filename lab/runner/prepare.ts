import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { bareRepository, product } from '../git/repository.ts'
import type { Lab } from '../base/lab.ts'
import { must, run as runProgram } from '../base/run.ts'
import { eventOf } from './event-file.ts'
import { hostsFile } from './environment.ts'
import { rewriteForLab } from './rewrite.ts'
import { requestOf, runPath, standIns } from './run-folder.ts'
import { usedRepositories, type Used } from './uses.ts'

export interface Prepared {
  readonly workspace: string
  readonly workflow: string
  readonly event: string
  readonly hosts: string
  /** `owner/name@ref=folder`, as the runner takes them. */
  readonly repositories: readonly string[]
  /** Which jobs each job needs, by their ids. */
  readonly needs: Readonly<Record<string, readonly string[]>>
}

/** A fresh checkout of the commit and everything else that a run reads; nothing of an earlier run is in it. */
export async function prepareRun(lab: Lab, run: number): Promise<Prepared> {
  const request = requestOf(lab, run)
  const workspace = runPath(lab, run, 'workspace')
  await checkOut(lab, request.repository, request.sha, workspace)
  const git = (...args: readonly string[]): Promise<string> => must('git', ['-C', workspace, ...args])
  // The runner reads the repository's name from its remote; nothing is fetched from there.
  await git('remote', 'set-url', 'origin', `https://github.com/${request.repository}`)
  const commit = {
    message: (await git('log', '-1', '--format=%B')).trim(),
    time: (await git('log', '-1', '--format=%cI')).trim(),
    author: (await git('log', '-1', '--format=%an')).trim(),
  }
  const event = runPath(lab, run, 'event.json')
  writeFileSync(event, JSON.stringify(eventOf(request, commit), null, 2))
  const hosts = runPath(lab, run, 'hosts')
  writeFileSync(hosts, hostsFile())
  const text = rewriteForLab(readFileSync(join(workspace, request.workflow), 'utf8'))
  const workflow = runPath(lab, run, basename(request.workflow))
  writeFileSync(workflow, text)
  return {
    workspace,
    workflow,
    event,
    hosts,
    repositories: await repositories(lab, run, [text, ...ownActions(workspace)]),
    needs: needsOf(text),
  }
}

async function checkOut(lab: Lab, repository: string, commit: string, folder: string): Promise<void> {
  await must('git', [
    'clone',
    '--quiet',
    '--no-checkout',
    '--no-hardlinks',
    bareRepository(lab, repository),
    folder,
  ])
  await must('git', [
    '-C',
    folder,
    '-c',
    'advice.detachedHead=false',
    'checkout',
    '--quiet',
    '--detach',
    commit,
  ])
  // The runner copies no empty folders, and a repository without a file beneath refs/ is none.
  await must('git', ['-C', folder, 'update-ref', 'refs/lab/commit', commit])
}

export function needsOf(workflow: string): Readonly<Record<string, readonly string[]>> {
  const jobs =
    (
      parse(workflow) as {
        readonly jobs?: Readonly<Record<string, { readonly needs?: string | readonly string[] }>>
      }
    ).jobs ?? {}
  return Object.fromEntries(
    Object.entries(jobs).map(([id, job]) => [
      id,
      typeof job.needs === 'string' ? [job.needs] : (job.needs ?? []),
    ]),
  )
}

/** Composite actions of the checkout: they may name foreign actions too. */
const ownActions = (workspace: string): readonly string[] =>
  globSync('.github/actions/*/action.yml', { cwd: workspace }).map((file) =>
    readFileSync(join(workspace, file), 'utf8'),
  )

/** Where the runner finds the foreign actions that the workflow and the actions of its repository name. */
async function repositories(lab: Lab, run: number, texts: readonly string[]): Promise<readonly string[]> {
  const mapped: string[] = []
  for (const used of usedRepositories(texts.join('\n'))) {
    const folder = await folderFor(lab, run, used)
    if (folder !== null) mapped.push(`${used.repository}@${used.ref}=${folder}`)
  }
  return mapped
}

/** Stand-ins for an action in a folder of its repository, by the name of the repository. */
const standInsByRepository: Readonly<Record<string, string>> = { 'codeql-action': 'upload-sarif' }

async function folderFor(lab: Lab, run: number, used: Used): Promise<string | null> {
  if (used.repository === product) return await productAt(lab, run, used.ref)
  const name = basename(used.repository)
  return existsSync(join(standIns(lab), standInsByRepository[name] ?? name))
    ? standInFolder(lab, run, name)
    : null
}

/** The product at the ref that a service's workflow names; where the lab has no such tag yet, at the commit that was pushed last. */
async function productAt(lab: Lab, run: number, ref: string): Promise<string> {
  const folder = runPath(lab, run, 'uses', ref.replaceAll('/', '_'))
  if (existsSync(folder)) return folder
  const bare = bareRepository(lab, product)
  const known = await runProgram('git', [
    '--git-dir',
    bare,
    'rev-parse',
    '--verify',
    '--quiet',
    `${ref}^{commit}`,
  ])
  const commit =
    known.code === 0
      ? known.stdout.trim()
      : await must('git', ['--git-dir', bare, 'rev-parse', 'refs/heads/main'])
  await checkOut(lab, product, commit.trim(), folder)
  return folder
}

/** A stand-in with what it shares with the others, its description at the root unless its action has a folder there too: the runner takes whole repositories. */
function standInFolder(lab: Lab, run: number, name: string): string {
  const folder = runPath(lab, run, 'stand-ins', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(standIns(lab), folder, { recursive: true, filter: (file) => !file.endsWith('.test.ts') })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
  if (!(name in standInsByRepository))
    cpSync(join(standIns(lab), name, 'action.yml'), join(folder, 'action.yml'))
  return folder
}

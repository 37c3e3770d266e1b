import { join } from 'node:path'
import { startDaemon } from '../base/daemon.ts'
import { at, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { bareRepository } from '../git/repository.ts'
import { groupOf } from './concurrency.ts'
import { requestOf } from './run-folder.ts'

/**
 * Starts a run in a process of its own: it goes on when who asked for it goes away, as on GitHub. One run at a time has the lock
 * of its concurrency group; the others wait in the order of the lock, and none is cancelled.
 */
export async function startRun(lab: Lab, run: number): Promise<void> {
  const { repository, sha, workflow } = requestOf(lab, run)
  const bare = bareRepository(lab, repository)
  const group = groupOf(await must('git', ['--git-dir', bare, 'show', `${sha}:${workflow}`]))
  const main = join(lab.repository, 'lab', 'main.ts')
  startDaemon(lab, {
    name: `run-${run}`,
    command: 'flock',
    args: ['--no-fork', at(lab, `${group}.lock`), process.execPath, main, 'execute', String(run)],
    environment: { ALT_LAS_LAB_HOME: lab.home },
  })
}

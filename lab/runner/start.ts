import { join } from 'node:path'
import { startDaemon } from '../base/daemon.ts'
import { at, type Lab } from '../base/lab.ts'

/**
 * Starts a run in a process of its own: it goes on when who asked for it goes away, as on GitHub. One run at a time has the lock
 * (concurrency group `production`); the others wait in the order of the lock, and none is cancelled.
 */
export function startRun(lab: Lab, run: number): void {
  const main = join(lab.repository, 'lab', 'main.ts')
  startDaemon(lab, {
    name: `run-${run}`,
    command: 'flock',
    args: ['--no-fork', at(lab, 'production.lock'), process.execPath, main, 'execute', String(run)],
    environment: { ALT_LAS_LAB_HOME: lab.home },
  })
}

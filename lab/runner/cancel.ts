import { runningPid } from '../base/daemon.ts'
import type { Lab } from '../base/lab.ts'
import { until } from '../base/until.ts'
import { runNumbers, statusOf, writeStatus } from './run-folder.ts'

/** Cancels a run as GitHub does, by default the one that runs, and waits until it has ended. False when there is none. */
export async function cancel(lab: Lab, asked: number | null): Promise<boolean> {
  const alive = runNumbers(lab).filter((run) => runningPid(lab, `run-${run}`) !== null)
  const run = asked ?? alive[0]
  const pid = run === undefined ? null : runningPid(lab, `run-${run}`)
  if (run === undefined || pid === null) {
    lab.log(asked === null ? 'no run to cancel' : `run ${asked} does not run`)
    return false
  }
  process.kill(pid, 'SIGTERM')
  // A cancelled rollout takes everything back before it ends, and the jobs that always run come after it.
  await until(
    { what: `the end of run ${run}`, seconds: 300 },
    () => Promise.resolve(runningPid(lab, `run-${run}`) === null),
    lab.clock,
  )
  // One that still waited for its turn has written nothing.
  if (statusOf(lab, run) === null) {
    const now = new Date().toISOString()
    writeStatus(lab, run, { result: 'failure', startedAt: now, finishedAt: now, seconds: 0, jobs: [] })
  }
  lab.log(`run ${run} is cancelled`)
  return true
}

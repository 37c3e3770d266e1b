import { closeSync, openSync, readSync } from 'node:fs'
import { runningPid, tailOf, logFile } from '../base/daemon.ts'
import type { Lab } from '../base/lab.ts'
import { runPath, statusOf } from './run-folder.ts'

/** Prints the run's log as it grows, to its end. True when the run succeeded. */
export async function followRun(lab: Lab, run: number): Promise<boolean> {
  lab.print(`run ${run}: ${runPath(lab, run)}\n`)
  const log = openSync(runPath(lab, run, 'log.txt'), 'r')
  try {
    for (;;) {
      const status = statusOf(lab, run)
      const alive = runningPid(lab, `run-${run}`) !== null
      drain(log, lab.print)
      if (status !== null) return status.result === 'success'
      if (!alive)
        throw new Error(`run ${run} ended without a result\n${tailOf(logFile(lab, `run-${run}`), 15)}`)
      await lab.clock.sleep(150)
    }
  } finally {
    closeSync(log)
  }
}

function drain(log: number, print: (text: string) => void): void {
  const buffer = Buffer.alloc(64 * 1024)
  for (;;) {
    const count = readSync(log, buffer)
    if (count === 0) return
    print(buffer.subarray(0, count).toString())
  }
}

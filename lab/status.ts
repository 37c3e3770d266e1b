import { existsSync } from 'node:fs'
import { daemonNames, logFile, runningPid, tailOf } from './base/daemon.ts'
import { readable } from './base/duration.ts'
import { kubeconfig, type Lab } from './base/lab.ts'
import { traffic, usualRate } from './traffic/traffic.ts'
import { requestOf, runNumbers, runPath, statusOf } from './runner/run-folder.ts'

/** What runs and what ran. True when the lab is up. */
export function status(lab: Lab): boolean {
  if (!existsSync(lab.home)) {
    lab.print('the lab is down\n')
    return false
  }
  const parts = daemonNames(lab).filter((name) => !name.startsWith('run-'))
  for (const name of parts) {
    const pid = runningPid(lab, name)
    const again = name === traffic ? `traffic ${usualRate}/s` : 'up'
    lab.print(
      `${name.padEnd(26)} ${pid === null ? `DEAD: npm run lab -- ${again} starts it again` : `runs (${pid})`}\n`,
    )
  }
  for (const run of runNumbers(lab).slice(-10)) {
    const request = requestOf(lab, run)
    const ended = statusOf(lab, run)
    const alive = runningPid(lab, `run-${run}`) !== null ? 'running or waiting' : 'ended without a result'
    const state = ended === null ? alive : `${ended.result} in ${readable(ended.seconds * 1000)}`
    lab.print(
      `run ${String(run).padEnd(4)} ${request.ref.replace(/^refs\/\w+\//, '').padEnd(12)} ${request.workflow} ${state}\n`,
    )
  }
  lab.print(`cluster: export KUBECONFIG=${kubeconfig(lab, 'admin')}\n`)
  return parts.length > 0 && parts.every((name) => runningPid(lab, name) !== null)
}

/** The log of a part, or of a run by its number; without a name the last run's. */
export function logs(lab: Lab, part: string | null): void {
  const run = part === null ? runNumbers(lab).at(-1) : /^\d+$/.test(part) ? Number(part) : undefined
  const file = run === undefined ? logFile(lab, part ?? '') : runPath(lab, run, 'log.txt')
  if (!existsSync(file))
    throw new Error(`logs: nothing called ${part ?? 'a run'}; parts: ${daemonNames(lab).join(', ')}`)
  lab.print(`${tailOf(file, run === undefined ? 200 : Number.MAX_SAFE_INTEGER)}\n`)
}

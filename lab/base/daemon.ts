import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { birthOf } from '@alt-las/process'
import { at, type Lab, type Places } from './lab.ts'

export interface Daemon {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

interface Mark {
  readonly pid: number
  /** Field 22 of /proc/<pid>/stat: with it a process number that was given away again is not taken for ours. */
  readonly born: string
}

export const logFile = (lab: Places, name: string): string => at(lab, 'logs', `${name}.log`)

/** Starts the daemon in a session of its own, so that it outlives this command; its output goes to its log file. */
export function startDaemon(lab: Lab, daemon: Daemon): void {
  mkdirSync(at(lab, 'pid'), { recursive: true })
  mkdirSync(at(lab, 'logs'), { recursive: true })
  const log = openSync(logFile(lab, daemon.name), 'a')
  const child = spawn(daemon.command, daemon.args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: lab.home,
    env: { ...lab.environment, HOME: lab.home, ...daemon.environment },
  })
  child.on('error', () => undefined)
  closeSync(log)
  child.unref()
  if (child.pid === undefined) throw new Error(`${daemon.name}: ${daemon.command} could not be started`)
  const mark: Mark = { pid: child.pid, born: birthOf(child.pid) ?? '' }
  writeFileSync(at(lab, 'pid', daemon.name), JSON.stringify(mark))
}

/** The process number of a daemon that this lab started and that still runs; null otherwise. */
export function runningPid(lab: Places, name: string): number | null {
  const file = at(lab, 'pid', name)
  if (!existsSync(file)) return null
  const mark = JSON.parse(readFileSync(file, 'utf8')) as Mark
  return birthOf(mark.pid) === mark.born ? mark.pid : null
}

export const daemonNames = (lab: Places): readonly string[] =>
  existsSync(at(lab, 'pid')) ? readdirSync(at(lab, 'pid')).sort() : []

/** TERM to all of them, one bounded wait, KILL to what is left. Processes that are not ours are never signalled. */
export async function stopDaemons(lab: Lab, names: readonly string[], seconds = 8): Promise<void> {
  const alive = (): readonly (readonly [string, number])[] =>
    names.flatMap((name) => {
      const pid = runningPid(lab, name)
      return pid === null ? [] : [[name, pid] as const]
    })
  for (const [, pid] of alive()) signal(pid, 'SIGTERM')
  const deadline = lab.clock.now() + seconds * 1000
  while (alive().length > 0 && lab.clock.now() < deadline) await lab.clock.sleep(100)
  for (const [name, pid] of alive()) {
    lab.log(`${name} did not end in ${seconds}s: killed`)
    // A daemon leads a process group of its own: what it started goes with it.
    signal(-pid, 'SIGKILL')
  }
  for (const name of names) rmSync(at(lab, 'pid', name), { force: true })
}

export function tailOf(file: string, count: number): string {
  if (!existsSync(file)) return '(no log yet)'
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}

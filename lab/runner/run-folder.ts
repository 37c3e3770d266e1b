import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, type Places } from '../base/lab.ts'
import type { JobTime } from './timeline.ts'

/** What starts a workflow: enough to run it, and to run it again. */
export interface RunRequest {
  /** `owner/name`. */
  readonly repository: string
  readonly event: 'push' | 'workflow_dispatch'
  readonly ref: string
  readonly sha: string
  /** Path of the workflow in the repository. */
  readonly workflow: string
  readonly inputs: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
  /** 1 for the first run of this push; a re-run counts up. */
  readonly attempt: number
}

export interface RunStatus {
  readonly result: 'success' | 'failure'
  readonly startedAt: string
  readonly finishedAt: string
  readonly seconds: number
  readonly jobs: readonly JobTime[]
}

export const runPath = (lab: Places, run: number, ...names: readonly string[]): string =>
  at(lab, 'runs', String(run), ...names)

export function runNumbers(lab: Places): readonly number[] {
  const folder = at(lab, 'runs')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** Makes the next run's folder and writes what is asked for into it. Two callers never get the same number. */
export function newRun(lab: Places, request: RunRequest): number {
  mkdirSync(at(lab, 'runs'), { recursive: true })
  for (let run = (runNumbers(lab).at(-1) ?? 0) + 1; ; run += 1) {
    try {
      mkdirSync(runPath(lab, run))
    } catch {
      continue
    }
    mkdirSync(runPath(lab, run, 'artifacts'))
    writeFileSync(runPath(lab, run, 'log.txt'), '')
    writeFileSync(runPath(lab, run, 'request.json'), JSON.stringify(request, null, 2))
    return run
  }
}

export const requestOf = (lab: Places, run: number): RunRequest =>
  JSON.parse(readFileSync(runPath(lab, run, 'request.json'), 'utf8')) as RunRequest

/** Null while the run is waiting or running. */
export function statusOf(lab: Places, run: number): RunStatus | null {
  const file = runPath(lab, run, 'status.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunStatus) : null
}

/** Written under another name first, so that a reader never sees a part of it. */
export function writeStatus(lab: Places, run: number, status: RunStatus): void {
  const file = runPath(lab, run, 'status.json')
  writeFileSync(`${file}.half`, JSON.stringify(status, null, 2))
  renameSync(`${file}.half`, file)
}

export const standIns = (lab: Places): string => join(lab.repository, 'lab', 'stand-ins')

import type { Finished, Process, RunOptions } from '@alt-las/process'

export interface Run {
  readonly command: string
  readonly args: readonly string[]
  readonly options: RunOptions
}

/** What a command answers; may throw a Failure. */
export type Script = (run: Run) => Partial<Finished> | Promise<Partial<Finished>>

export interface FakeProcess extends Process {
  readonly runs: readonly Run[]
}

/** Plays `script` for every run and remembers the runs. What the script leaves out is a silent success. */
export function fakeProcess(script: Script): FakeProcess {
  const runs: Run[] = []
  return {
    runs,
    run: async (command, args, options = {}) => {
      const run = { command, args, options }
      runs.push(run)
      return { code: 0, stdout: '', stderr: '', endedBy: 'exit', ...(await script(run)) }
    },
  }
}

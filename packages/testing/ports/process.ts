import type { AskOptions, Finished, Process, RunOptions } from '@alt-las/process'

export interface Run {
  readonly command: string
  readonly args: readonly string[]
  readonly options: RunOptions
  /** Whether it was a question or long work. */
  readonly verb: 'ask' | 'run'
}

/** What a command answers; may throw a Failure. */
export type Script = (run: Run) => Partial<Finished> | Promise<Partial<Finished>>

export interface FakeProcess extends Process {
  readonly runs: readonly Run[]
}

/** Plays `script` for every question and run and remembers them. What the script leaves out is a silent success. */
export function fakeProcess(script: Script): FakeProcess {
  const runs: Run[] = []
  const play =
    (verb: Run['verb']) =>
    async (command: string, args: readonly string[], options: AskOptions = {}): Promise<Finished> => {
      const run = { command, args, options, verb }
      runs.push(run)
      return { code: 0, stdout: '', stderr: '', endedBy: 'exit', ...(await script(run)) }
    }
  return { runs, ask: play('ask'), run: play('run') }
}

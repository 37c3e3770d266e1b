import type { Issues } from './github/keep-issue.ts'
import type { Log, RunFiles } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'

export interface Workflows {
  startWorkflow(file: string, ref: string, inputs: Readonly<Record<string, string>>): Promise<void>
}

/** The ports of the report. */
export interface Ports {
  readonly files: Pick<RunFiles, 'find' | 'readNamed' | 'writeResult'>
  readonly clock: Clock
  /** The branch or tag of this run. */
  readonly refName: string
  readonly log: Log
  readonly github: Issues & Workflows
}

import type { Log, RunFiles } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'

/** The ports of the report. */
export interface Ports {
  readonly files: Pick<RunFiles, 'find' | 'readNamed' | 'writeResult'>
  readonly clock: Clock
  readonly log: Log
}

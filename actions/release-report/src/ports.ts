import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import type { FoundFile } from './read/entry.ts'

/** The ports of the report. */
export interface Ports {
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
}

export interface Files {
  /** Every file that matches one of the glob patterns, each once. */
  find(patterns: readonly string[]): Promise<readonly FoundFile[]>
  /** Writes a result of this action and returns its path. */
  write(name: string, text: string): Promise<string>
}

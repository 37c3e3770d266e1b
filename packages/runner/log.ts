import * as core from '@actions/core'

/** What the person who follows the log sees. */
export interface Log {
  line(text: string): void
  warn(text: string): void
  /** A folded group of the log around some work. */
  chapter<T>(title: string, work: () => Promise<T>): Promise<T>
}

export const actionLog: Log = {
  line: (text) => {
    core.info(text)
  },
  warn: (text) => {
    core.warning(text)
  },
  chapter: (title, work) => core.group(title, work),
}

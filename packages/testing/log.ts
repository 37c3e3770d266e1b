import type { Log } from '@alt-las/runner'

export interface RecordedLog extends Log {
  readonly lines: readonly string[]
}

/** Keeps the lines and prints none. */
export function silentLog(): RecordedLog {
  const lines: string[] = []
  return {
    lines,
    line: (text) => {
      lines.push(text)
    },
    warn: (text) => {
      lines.push(`warning: ${text}`)
    },
    chapter: (title, work) => {
      lines.push(title)
      return work()
    },
  }
}

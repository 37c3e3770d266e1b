import type { Log } from '@alt-las/runner'

export interface RecordedLog extends Log {
  readonly lines: readonly string[]
  /** Those that were printed while the runner obeys no command. */
  readonly rawLines: readonly string[]
}

/** Keeps the lines and prints none. */
export function silentLog(): RecordedLog {
  const lines: string[] = []
  const rawLines: string[] = []
  let open = 0
  return {
    lines,
    rawLines,
    line: (text) => {
      lines.push(text)
      if (open > 0) rawLines.push(text)
    },
    warn: (text) => {
      lines.push(`warning: ${text}`)
    },
    chapter: (title, work) => {
      lines.push(title)
      return work()
    },
    raw: (work) => {
      open += 1
      return work().finally(() => {
        open -= 1
      })
    },
  }
}

// What a step prints: one line for each foreign text, no command of the runner, no secret.
import * as core from '@actions/core'
import { createTerminal } from './terminal.ts'
import { harmlessLine } from './harmless.ts'

/** What the person who follows the log sees. A text may be foreign: it is one line, and no command of the runner. */
export interface Log {
  line(text: string): void
  warn(text: string): void
  /** A folded group of the log around some work. */
  chapter<T>(title: string, work: () => Promise<T>): Promise<T>
  /** Around some work that prints a tool's own lines: the runner obeys none of them. */
  raw<T>(work: () => Promise<T>): Promise<T>
}

/** A process has one: whether the runner obeys commands is known in one place. */
export const terminal = createTerminal(process)

export const actionLog: Log = {
  line: (text) => {
    terminal.line(text)
  },
  warn: (text) => {
    terminal.command(() => {
      core.warning(harmlessLine(text))
    })
  },
  chapter: async (title, work) => {
    terminal.command(() => {
      core.startGroup(harmlessLine(title))
    })
    try {
      return await work()
    } finally {
      terminal.command(core.endGroup)
    }
  },
  raw: terminal.raw,
}

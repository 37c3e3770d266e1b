import { appendFile } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import * as core from '@actions/core'
import { describe } from '@alt-las/failure'
import type { Annotation } from '@alt-las/outcome'
import { maskable } from '@alt-las/secrets'
import type { Read } from '../inputs/collect.ts'
import { harmlessLine, harmlessLines } from '../log/harmless.ts'
import { createHidden } from '../log/hidden.ts'
import { terminal } from '../log/log.ts'
import { readDefaults } from '../inputs/defaults.ts'

/** The runner around an action, as runAction needs it. */
export interface Host {
  /** From now on nothing that anybody prints is a command of the runner. */
  guard(): void
  /** Throws a Failure where the action's own files are incomplete. */
  reader(): Read
  listen(): Interruption
  mask(secrets: readonly string[]): void
  /** A text without the secrets that are masked so far. */
  clean(text: string): string
  output(name: string, value: string): void
  info(text: string): void
  annotate(annotation: Annotation): void
  /** Adds to the job summary; does nothing where the runner has none. */
  summary(markdown: string): Promise<void>
  /** The process will end with exit code 1. */
  fail(): void
  /** Ends the process at once: after a crash what still runs is unknown. */
  exit(): void
}

export interface Interruption {
  /** Aborted at the first signal that asks the process to end; its reason says which. */
  readonly signal: AbortSignal
  /** Rejects with what nothing caught: node itself would print it, and end without a word to the next step. */
  readonly crashed: Promise<never>
  stop(): void
}

export const actionsHost: Host = {
  guard: terminal.guard,
  reader,
  listen,
  mask,
  clean: (text) => hidden.clean(text),
  output: (name, value) => {
    // Without the runner's file @actions/core prints a command that runners no longer obey.
    if ((process.env['GITHUB_OUTPUT'] ?? '') === '') terminal.line(`output ${name}=${value}`)
    else core.setOutput(name, value)
  },
  info: terminal.line,
  annotate,
  summary: async (markdown) => {
    const path = process.env['GITHUB_STEP_SUMMARY'] ?? ''
    if (path !== '') await appendFile(path, `${markdown}\n`)
  },
  fail: () => {
    process.exitCode = 1
  },
  exit: () => {
    process.exit(1)
  },
}

/** Characters of an annotation that GitHub keeps, and fewer. */
const longestMessage = 60_000

export function annotate({ level, message, title, file, line }: Annotation): void {
  const text = harmlessLines(message).join('\n').slice(0, longestMessage)
  terminal.command(() => {
    core[level](text, {
      ...(title === undefined ? {} : { title: harmlessLine(title) }),
      ...(file === undefined ? {} : { file: harmlessLine(file) }),
      ...(line === undefined ? {} : { startLine: line }),
    })
  })
}

/** Inputs as the runner gives them (`INPUT_FAIL-SEVERITY`), else the default of action.yml. */
export function reader(): Read {
  const defaults = readDefaults(realpathSync(process.argv[1] ?? '.'))
  return (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? defaults.get(name) ?? ''
}

/** A process has one, as it has one log. */
const hidden = createHidden()

/** Hides secrets in every later line of the log, in each form that a log may show. */
export function mask(secrets: readonly string[]): void {
  // What is printed is made harmless first: a secret with `##[` in it must still be recognised.
  const forms = maskable(secrets).flatMap((form) => [...new Set([form, harmlessLine(form)])])
  hidden.add(forms)
  terminal.command(() => {
    for (const form of forms) core.setSecret(form)
  })
}

// What is thrown after the step's end would be printed by node as it is, past everything that makes it harmless.
function endLate(error: unknown): void {
  annotate({ level: 'error', message: describe(error) })
  process.exit(1)
}

export function listen(): Interruption {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    controller.abort(new Error(`interrupted by ${name}`))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  let crash: (error: unknown) => void = () => undefined
  const crashed = new Promise<never>((_, reject) => {
    crash = reject
  })
  crashed.catch(() => undefined)
  process.on('uncaughtException', crash)
  return {
    signal: controller.signal,
    crashed,
    stop: () => {
      process.off('uncaughtException', crash)
      process.on('uncaughtException', endLate)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

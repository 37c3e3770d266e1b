import { appendFile } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import * as core from '@actions/core'
import type { Annotation } from '@alt-las/outcome'
import { maskable } from '@alt-las/secrets'
import type { Read } from './collect.ts'
import { readDefaults } from './defaults.ts'

/** The runner around an action, as runAction needs it. */
export interface Host {
  /** Throws a Failure where the action's own files are incomplete. */
  reader(): Read
  listen(): Interruption
  mask(secret: string): void
  output(name: string, value: string): void
  info(text: string): void
  annotate(annotation: Annotation): void
  /** Adds to the job summary; does nothing where the runner has none. */
  summary(markdown: string): Promise<void>
  /** The process will end with exit code 1. */
  fail(): void
}

export interface Interruption {
  /** Aborted at the first signal that asks the process to end; its reason says which. */
  readonly signal: AbortSignal
  stop(): void
}

export const actionsHost: Host = {
  reader,
  listen,
  mask,
  output: (name, value) => {
    core.setOutput(name, value)
  },
  info: (text) => {
    core.info(text)
  },
  annotate: ({ level, message, title, file, line }) => {
    core[level](message, {
      ...(title === undefined ? {} : { title }),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { startLine: line }),
    })
  },
  summary: async (markdown) => {
    const path = process.env['GITHUB_STEP_SUMMARY'] ?? ''
    if (path !== '') await appendFile(path, `${markdown}\n`)
  },
  fail: () => {
    process.exitCode = 1
  },
}

/** Inputs as the runner gives them (`INPUT_FAIL-SEVERITY`), else the default of action.yml. */
export function reader(): Read {
  const defaults = readDefaults(realpathSync(process.argv[1] ?? '.'))
  return (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? defaults.get(name) ?? ''
}

/** Hides a secret in every later line of the log, in each form that a log may show. */
export function mask(secret: string): void {
  for (const form of maskable([secret])) core.setSecret(form)
}

export function listen(): Interruption {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    controller.abort(new Error(`interrupted by ${name}`))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

import { realpathSync } from 'node:fs'
import * as core from '@actions/core'
import type { Read } from './collect.ts'
import { readDefaults } from './defaults.ts'

/** Inputs as the runner gives them (`INPUT_FAIL-SEVERITY`), else the default of action.yml. */
export function reader(): Read {
  const defaults = readDefaults(realpathSync(process.argv[1] ?? '.'))
  return (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? defaults.get(name) ?? ''
}

export function mask(secret: string): void {
  for (const line of [secret, ...secret.split('\n')]) if (line.trim() !== '') core.setSecret(line)
}

/** Aborted at the first signal that asks the process to end; its reason says which. */
export function listen(): { readonly signal: AbortSignal; stop(): void } {
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

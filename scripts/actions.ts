import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface ActionYml {
  readonly name: string
  readonly description: string
  readonly inputs: Readonly<Record<string, Input>>
  readonly outputs: Readonly<Record<string, { readonly description?: string }>>
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string }
}

export interface Input {
  readonly description?: string
  readonly required?: boolean
  readonly default?: string | number | boolean
}

export const root = join(import.meta.dirname, '..')

/** The names of the actions, in alphabetical order: every folder of actions/ with an action.yml. */
export function actionNames(): readonly string[] {
  return readdirSync(join(root, 'actions')).filter((name) =>
    existsSync(join(root, 'actions', name, 'action.yml')),
  )
}

export function readActionYml(name: string): ActionYml {
  const value = parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as Partial<ActionYml>
  if (value.runs === undefined || value.name === undefined || value.description === undefined) {
    throw new Error(`actions/${name}/action.yml lacks name, description or runs`)
  }
  return { inputs: {}, outputs: {}, ...value } as ActionYml
}

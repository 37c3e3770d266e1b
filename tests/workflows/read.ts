import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from '../../scripts/actions.ts'

export interface Step {
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly 'continue-on-error'?: boolean
  readonly with?: Readonly<Record<string, unknown>>
}

export interface Job {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly outputs?: Readonly<Record<string, string>>
  readonly permissions?: unknown
  readonly environment?: string
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> }
}

export interface Workflow {
  readonly file: string
  readonly text: string
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly concurrency?: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, Job>>
}

const folders = ['.github/workflows', 'workflows-templates']

/** Every workflow of the repository and of its templates. */
export function workflows(): readonly Workflow[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => readWorkflow(join(folder, file))),
  )
}

export function readWorkflow(file: string): Workflow {
  const text = readFileSync(join(root, file), 'utf8')
  return { file, text, ...(parse(text) as Omit<Workflow, 'file' | 'text'>) }
}

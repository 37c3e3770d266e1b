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
  readonly environment?: string | { readonly name: string; readonly deployment?: boolean }
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

/** The steps of a job, with those of the repository's own composite actions in their place. */
export function stepsOf({ steps }: Pick<Job, 'steps'>): readonly Step[] {
  return steps.flatMap((step) => {
    const action = /^\.\/\.github\/actions\/([a-z-]+)$/.exec(step.uses ?? '')?.[1]
    return action === undefined ? [step] : stepsOf(compositeAction(action).runs)
  })
}

export interface CompositeAction {
  readonly text: string
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

/** Names of the actions that only this repository's workflows use. */
export const compositeActions = (): readonly string[] => readdirSync(join(root, '.github/actions')).toSorted()

export function compositeAction(name: string): CompositeAction {
  const text = readFileSync(join(root, '.github/actions', name, 'action.yml'), 'utf8')
  const parsed = parse(text) as Partial<CompositeAction> & Pick<CompositeAction, 'runs'>
  return { ...parsed, inputs: parsed.inputs ?? {}, outputs: parsed.outputs ?? {}, text }
}

/** A file of targets, as canary-deploy takes it. */
export interface Target {
  readonly deployment: string
  readonly image: string
  readonly manifests: string | readonly string[]
  readonly needs?: readonly string[]
}

export const targetsOf = (environment: string): readonly Target[] =>
  parse(readFileSync(join(root, '.github/targets', `${environment}.yaml`), 'utf8')) as readonly Target[]

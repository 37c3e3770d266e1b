import { join, resolve } from 'node:path'
import { badInputs, type RunFiles } from '@alt-las/runner'
import { maskable } from '@alt-las/secrets'
import type { Inputs } from '../inputs.ts'

export interface SourcePorts {
  readonly files: Pick<RunFiles, 'kind' | 'readNamed' | 'ownFolder'>
  /** A variable of the environment: for `secret-envs` and build arguments without a value. */
  readonly variable: (name: string) => string | undefined
  /** Masks these texts, in each form in which they may be shown, in every later line of the log. */
  readonly hide: (texts: readonly string[]) => void
}

export interface Sources {
  /** Absolute. */
  readonly dockerfile: string
  readonly text: string
  /** Every form in which a log may show a secret of the inputs. */
  readonly hidden: readonly string[]
}

/** Finds the files and variables that the inputs name. Throws ONE Failure `bad-inputs` that lists everything missing. */
export async function findSources(inputs: Inputs, workspace: string, ports: SourcePorts): Promise<Sources> {
  const problems: string[] = []
  const expect = async (name: string, path: string, kind: 'file' | 'directory') => {
    const found = await ports.files.kind(resolve(workspace, path))
    if (found === kind) return
    problems.push(
      `${name}: ${path} ${found === null ? 'does not exist' : `is a ${found}`}, expected a ${kind} of the checkout`,
    )
  }
  const file = inputs.file ?? join(inputs.context, 'Dockerfile')
  await expect('context', inputs.context, 'directory')
  await expect('file', file, 'file')
  for (const { value } of inputs.secretFiles) await expect('secret-files', value, 'file')
  for (const { key, value } of inputs.secretEnvs)
    if (ports.variable(value) === undefined)
      problems.push(`secret-envs: ${key} names the variable ${value}, which is not set`)
  if (problems.length > 0) throw badInputs(problems)
  const values = await secretValues(inputs, workspace, ports)
  ports.hide(values)
  const dockerfile = resolve(workspace, file)
  return { dockerfile, text: await ports.files.readNamed(dockerfile), hidden: maskable(values) }
}

async function secretValues(
  inputs: Inputs,
  workspace: string,
  ports: SourcePorts,
): Promise<readonly string[]> {
  const files = inputs.secretFiles.map(({ value }) => ports.files.readNamed(resolve(workspace, value)))
  return [
    ...inputs.secrets.map(({ value }) => value),
    ...inputs.secretEnvs.map(({ value }) => ports.variable(value) ?? ''),
    ...(await Promise.all(files)),
    inputs.login?.password ?? '',
    inputs.githubToken ?? '',
  ]
}

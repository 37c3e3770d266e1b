import { resolve } from 'node:path'
import { parseOf } from '@alt-las/outcome'
import { badInputs, type Environment } from '@alt-las/runner'
import type { Files } from '../files.ts'
import type { Gate } from './verdict.ts'
import { readIgnores, type IgnoreFile } from './ignores.ts'
import type { ScanInputs } from '../inputs.ts'

interface LoadPorts {
  readonly files: Files
  readonly environment: Environment
}

/** The ignore files of the inputs, joined. Throws Failure `bad-inputs` or `bad-ignore-file`. */
export async function loadIgnores(
  { trivyignores }: ScanInputs,
  { files, environment }: LoadPorts,
): Promise<IgnoreFile> {
  const read = await Promise.all(
    trivyignores.map(async (path) => ({
      path,
      text: await files.read(resolve(environment.workspace, path)),
    })),
  )
  const missing = read.filter(({ text }) => text === null)
  if (missing.length > 0) throw badInputs(missing.map(({ path }) => `trivyignores: ${path} is not there`))
  return readIgnores(read.map(({ path, text }) => ({ path, text: text ?? '' })))
}

/** The findings of the last release; null where no baseline is given. Throws Failure `bad-inputs` or `bad-outcome-document`. */
export async function loadBaseline(
  { baseline }: ScanInputs,
  { files, environment }: LoadPorts,
): Promise<Gate['baseline']> {
  if (baseline === '') return null
  const text = await files.read(resolve(environment.workspace, baseline))
  if (text === null) throw badInputs([`baseline: ${baseline} is not there`])
  const document = parseOf('scan-trivy', text, baseline)
  if (document.outcome === 'failed')
    throw badInputs([`baseline: ${baseline} is of a failed scan, expected one that passed or refused`])
  return document.evidence.findings
}

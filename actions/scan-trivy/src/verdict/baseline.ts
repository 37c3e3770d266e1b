import { resolve } from 'node:path'
import { parseOf } from '@alt-las/outcome'
import { badInputs } from '@alt-las/runner'
import type { Ports } from '../ports.ts'
import type { VerdictRules } from './verdict.ts'

/** The findings of the last release, as its outcome document has them. Throws Failure `bad-inputs` or `bad-outcome-document`. */
export async function loadBaseline(
  path: string,
  { files, environment }: Pick<Ports, 'files' | 'environment'>,
): Promise<NonNullable<VerdictRules['baseline']>> {
  const text = await files.read(resolve(environment.workspace, path))
  if (text === null) throw badInputs([`baseline: got ${path}, which does not exist`])
  const document = parseOf('scan-trivy', text, path)
  if (document.outcome === 'failed')
    throw badInputs([`baseline: got ${path} of a failed scan, expected one that passed or refused`])
  return document.evidence.findings
}

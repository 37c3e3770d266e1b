import type { Entry, LooseDocument } from '../read/entry.ts'
import { digestOf, record, rows, text } from '../read/facts.ts'
import type { BroughtBack } from './rollbacks.ts'
import type { Step, StepName } from './step.ts'

export type Found = Pick<Step, 'mark' | 'because'>

export const actionOf: Readonly<Record<StepName, string>> = {
  build: 'build-image',
  test: 'build-image',
  scan: 'scan-trivy',
  push: 'push-image',
  deploy: 'canary-deploy',
  verify: 'verify',
}

export interface Known {
  readonly entries: readonly Entry[]
  readonly back: readonly BroughtBack[]
}

/** What the documents say about one step of one service; null = nothing. */
export function findEvidence(step: StepName, service: string, { entries, back }: Known): Found | null {
  const of = (action: string, whose: string) =>
    entries.findLast((entry) => entry.document.action === action && entry.service === whose)?.document ?? null
  if (step === 'verify') return verified(service, entries)
  const document = of(actionOf[step], service)
  if (document === null) return null
  const built = of('build-image', service)
  const other = otherDigest(document, built)
  if (other !== null) return { mark: 'failed', because: other }
  if (step === 'build') return build(document)
  if (step === 'test') return tested(document)
  const returned = step === 'deploy' ? back.find((one) => one.service === service) : undefined
  if (returned !== undefined && document.outcome === 'passed')
    return {
      mark: 'brought-back',
      because: `brought back with the release${returned.to === null ? '' : ` to ${returned.to}`}`,
    }
  return plain(document)
}

function plain({ outcome, because }: LooseDocument): Found {
  return { mark: outcome, because }
}

function build(document: LooseDocument): Found | null {
  return testOf(document)['passed'] === false ? null : plain(document)
}

function tested(document: LooseDocument): Found | null {
  const test = testOf(document)
  if (test['passed'] === true)
    return { mark: 'passed', because: `the stage ${text(test['target']) ?? 'test'} passed` }
  if (test['passed'] === false) return { mark: 'refused', because: document.because }
  const reused = text(document.evidence['releasedAs'])
  if (reused !== null)
    return { mark: 'passed', because: `not run again: ${reused} holds the image of this very commit` }
  return null
}

function testOf({ evidence }: LooseDocument): Readonly<Record<string, unknown>> {
  return record(evidence['test'])
}

function verified(service: string, entries: readonly Entry[]): Found | null {
  const documents = entries.filter(({ document }) => document.action === 'verify')
  const own = documents.findLast((entry) => entry.service === service)
  const document = (
    own ??
    documents.findLast(
      (entry) => !entries.some((one) => one.service === entry.service && one.document.action !== 'verify'),
    )
  )?.document
  if (document === undefined) return null
  const checks = rows(document.evidence['checks'])
  const wrong = checks.find(
    (one) => one['outcome'] !== 'passed' && (text(one['name']) ?? '').split(/[\s/]/).includes(service),
  )
  return { mark: document.outcome, because: text(wrong?.['because']) ?? document.because }
}

/** One digest from build to pod: a document about another one proves nothing about this image. */
function otherDigest(document: LooseDocument, built: LooseDocument | null): string | null {
  const wanted = built === null ? null : digestOf(built)
  const own = digestOf(document)
  if (wanted === null || own === null || own === wanted) return null
  return `it worked on ${own}, but ${wanted} was built`
}

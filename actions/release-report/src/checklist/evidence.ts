import type { ActionName, OutcomeDocument } from '@alt-las/outcome'
import { digestOf } from '../read/documents.ts'
import { type Entry, entriesOf } from '../read/entry.ts'
import type { BroughtBack } from './rollbacks.ts'
import type { Step, StepName } from './step.ts'

/** The documents' evidence about one step. */
export type StepEvidence = Pick<Step, 'mark' | 'because'>

export const actionOf = {
  build: 'build-image',
  test: 'build-image',
  scan: 'scan-trivy',
  push: 'push-image',
  deploy: 'canary-deploy',
  verify: 'verify',
} as const satisfies Readonly<Record<StepName, ActionName>>

export interface Known {
  readonly entries: readonly Entry[]
  readonly back: readonly BroughtBack[]
}

/** The evidence for one step of one service; null without any. */
export function findEvidence(step: StepName, service: string, { entries, back }: Known): StepEvidence | null {
  if (step === 'verify') return verified(service, entries)
  const built = latest('build-image', service, entries)
  if (step === 'test') return built === null ? null : tested(built)
  const document = latest(actionOf[step], service, entries)
  if (document === null) return null
  const other = otherDigest(document, built)
  if (other !== null) return { mark: 'failed', because: other }
  if (step === 'build' && built?.evidence.test?.passed === false) return null
  const returned = step === 'deploy' ? back.find((one) => one.service === service) : undefined
  if (returned !== undefined && document.outcome === 'passed')
    return { mark: 'brought-back', because: `rolled back with the release to ${returned.to}` }
  return { mark: document.outcome, because: document.because }
}

function latest<A extends ActionName>(
  action: A,
  service: string,
  entries: readonly Entry[],
): OutcomeDocument<A> | null {
  const own = entries.filter((entry) => entry.service === service && !isTagging(entry))
  return entriesOf(action, own).at(-1)?.document ?? null
}

/** The floating tags are moved after production is verified: that is no push of the image. */
function isTagging({ document }: Entry): boolean {
  return document.action === 'push-image' && document.evidence.operation === 'tag'
}

function tested({
  because,
  evidence: { test, releasedAs },
}: OutcomeDocument<'build-image'>): StepEvidence | null {
  if (test?.passed === true) return { mark: 'passed', because: `the stage ${test.target} passed` }
  if (test?.passed === false) return { mark: 'refused', because }
  return releasedAs === null || releasedAs === undefined
    ? null
    : { mark: 'passed', because: `not run again: ${releasedAs} holds the image of exactly this commit` }
}

/** The service's own verification, else the one of the whole release. */
function verified(service: string, entries: readonly Entry[]): StepEvidence | null {
  const all = entriesOf('verify', entries)
  const others = new Set(
    entries.filter(({ document }) => document.action !== 'verify').map((entry) => entry.service),
  )
  const entry =
    all.findLast((one) => one.service === service) ?? all.findLast((one) => !others.has(one.service))
  if (entry === undefined) return null
  const { outcome, because, evidence } = entry.document
  const wrong = evidence.checks?.find(
    (check) => check.outcome !== 'passed' && check.name.split(/[\s/]/).includes(service),
  )
  return { mark: outcome, because: wrong?.because ?? because }
}

/** A document about another digest proves nothing about the image that was built. */
function otherDigest(document: OutcomeDocument, built: OutcomeDocument | null): string | null {
  const wanted = built === null ? null : digestOf(built)
  const own = digestOf(document)
  if (wanted === null || own === null || own === wanted) return null
  return `it worked on ${own}, but ${wanted} was built`
}

import type { OutcomeDocument } from '@alt-las/report'
import type { Entry } from './entry.ts'
import { digestOf, record, rows, text } from './facts.ts'
import type { PlannedService } from './inputs.ts'
import { broughtBack, type BroughtBack } from './rollbacks.ts'
import { stepNames, type Mark, type ServiceSteps, type Step, type StepName } from './step.ts'

type Found = Pick<Step, 'mark' | 'because'>

const actionOf: Readonly<Record<StepName, string>> = {
  build: 'build-image',
  test: 'build-image',
  scan: 'scan-trivy',
  push: 'push-image',
  deploy: 'canary-deploy',
  verify: 'verify',
}

/** Service by step, ticked only by evidence. */
export function checklist(
  entries: readonly Entry[],
  planned: readonly PlannedService[],
): readonly ServiceSteps[] {
  const services = planned.length > 0 ? planned : namedServices(entries)
  const back = broughtBack(entries)
  const evidence = services.map(({ name, steps }) => ({
    service: name,
    found: stepNames.map((step) => (steps.includes(step) ? find(step, name, { entries, back }) : notPlanned)),
  }))
  const ended = (until: StepName) =>
    evidence.some(({ found }) =>
      found.slice(0, stepNames.indexOf(until)).some((one) => one !== null && isNo(one.mark)),
    )
  return evidence.map(({ service, found }) => ({
    service,
    steps: stepNames.map((step, index): Step => {
      const own = found[index] ?? null
      if (own !== null) return { step, ...own }
      const before = found.slice(0, index)
      const cutOff =
        before.some((one) => one !== null && isNo(one.mark)) ||
        ((step === 'deploy' || step === 'verify') && ended(step))
      return cutOff
        ? { step, mark: 'not-reached', because: 'an earlier step ended the way' }
        : { step, mark: 'missing', because: `no outcome of ${actionOf[step]} was found` }
    }),
  }))
}

const notPlanned: Found = { mark: 'not-planned', because: 'not part of this release' }

function isNo(mark: Mark): boolean {
  return mark === 'refused' || mark === 'failed'
}

/** Without a plan: the services that were built, scanned, pushed or deployed. Who was never deployed beside others who were is not expected to be. */
function namedServices(entries: readonly Entry[]): readonly PlannedService[] {
  const own = entries.filter(
    ({ service, document }) =>
      service !== 'release' && document.action !== 'verify' && document.action !== 'release-report',
  )
  const names = [...new Set(own.map(({ service }) => service))].sort()
  const deployed = new Set(
    own.filter(({ document }) => document.action === 'canary-deploy').map(({ service }) => service),
  )
  const everybodyElse = entries.some(({ document }) => document.action === 'verify') && deployed.size > 0
  return names.map((name) => ({
    name,
    steps: everybodyElse && !deployed.has(name) ? stepNames.slice(0, 4) : stepNames,
  }))
}

interface Known {
  readonly entries: readonly Entry[]
  readonly back: readonly BroughtBack[]
}

/** null = no evidence. */
function find(step: StepName, service: string, { entries, back }: Known): Found | null {
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
      mark: 'refused',
      because: `brought back with the release${returned.to === null ? '' : ` to ${returned.to}`}`,
    }
  return plain(document)
}

function plain({ outcome, because }: OutcomeDocument): Found {
  return { mark: outcome, because }
}

function build(document: OutcomeDocument): Found | null {
  return testOf(document)['passed'] === false ? null : plain(document)
}

function tested(document: OutcomeDocument): Found | null {
  const test = testOf(document)
  if (test['passed'] === true)
    return { mark: 'passed', because: `the stage ${text(test['target']) ?? 'test'} passed` }
  if (test['passed'] === false) return { mark: 'refused', because: document.because }
  const reused = text(document.evidence['reusedFrom'])
  if (reused !== null)
    return { mark: 'passed', because: `not run again: ${reused} holds the image of this very commit` }
  return null
}

function testOf({ evidence }: OutcomeDocument): Readonly<Record<string, unknown>> {
  return record(evidence['test'] ?? evidence['tests'])
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
function otherDigest(document: OutcomeDocument, built: OutcomeDocument | null): string | null {
  const wanted = built === null ? null : digestOf(built)
  const own = digestOf(document)
  if (wanted === null || own === null || own === wanted) return null
  return `it worked on ${own}, but ${wanted} was built`
}

import type { Entry } from '../read/entry.ts'
import { ofEachTarget } from '../read/targets.ts'
import { actionOf, findEvidence, type StepEvidence } from './evidence.ts'
import type { PlannedService } from '../inputs.ts'
import { broughtBack } from './rollbacks.ts'
import { stepNames, type ServiceSteps, type Step, type StepName } from './step.ts'

/** Evidence for one service, in the order of `stepNames`; null = none. */
type Row = readonly (StepEvidence | null)[]

/** Service by step, ticked only by evidence. */
export function checklist(
  documents: readonly Entry[],
  planned: readonly PlannedService[],
): readonly ServiceSteps[] {
  const entries = documents.flatMap(ofEachTarget)
  const services = planned.length > 0 ? planned : namedServices(entries)
  const known = { entries, back: broughtBack(documents) }
  const rows = services.map(({ name, steps }): Row =>
    stepNames.map((step) => (steps.includes(step) ? findEvidence(step, name, known) : notPlanned)),
  )
  return services.map(({ name }, index) => ({
    service: name,
    steps: stepNames.map((step): Step => stepOf(step, rows[index] ?? [], rows)),
  }))
}

function stepOf(step: StepName, own: Row, all: readonly Row[]): Step {
  const at = stepNames.indexOf(step)
  const found = own[at] ?? null
  if (found !== null) return { step, ...found }
  // All services are deployed and verified together: a "no" for one of them stops all.
  const together = step === 'deploy' || step === 'verify'
  const until = step === 'deploy' ? at + 1 : at
  const before = together ? all.flatMap((row) => row.slice(0, until)) : own.slice(0, at)
  if (before.some(isNo)) return { step, mark: 'not-reached', because: 'an earlier step did not pass' }
  return { step, mark: 'missing', because: `no outcome of ${actionOf[step]} was found` }
}

const notPlanned: StepEvidence = { mark: 'not-planned', because: 'not part of this release' }

function isNo(found: StepEvidence | null): boolean {
  return found?.mark === 'refused' || found?.mark === 'failed'
}

/**
 * Without a plan: the services that were built, scanned, pushed or deployed, in order of time. If all rollouts
 * rollouts went well is not expected to be deployed.
 */
function namedServices(entries: readonly Entry[]): readonly PlannedService[] {
  const own = entries.filter(
    ({ service, document }) =>
      service !== 'release' && document.action !== 'verify' && document.action !== 'release-report',
  )
  const names = [...new Set(own.map(({ service }) => service))]
  const rollouts = own.filter(({ document }) => document.action === 'canary-deploy')
  const complete = rollouts.length > 0 && rollouts.every(({ document }) => document.outcome === 'passed')
  return names.map((name) => ({
    name,
    steps: complete && !rollouts.some(({ service }) => service === name) ? stepNames.slice(0, 4) : stepNames,
  }))
}

import type { Entry } from '../read/entry.ts'
import { broughtBack } from './rollbacks.ts'
import { stepNames, type ServiceSteps, type Step, type StepName } from './step.ts'

export interface Conclusion {
  readonly outcome: 'passed' | 'refused' | 'failed'
  /** `v1.2.0 is not in production: api-gateway was rolled back, because …` */
  readonly sentence: string
  /** The first part of it, for a headline: `v1.2.0 is not in production`. */
  readonly headline: string
  /** The rest of the sentence; may be ''. */
  readonly because: string
}

interface Cause {
  readonly outcome: 'refused' | 'failed'
  readonly because: string
}

/** How the release ended, and the first cause if it did not pass. */
export function conclude(
  release: string,
  services: readonly ServiceSteps[],
  entries: readonly Entry[],
): Conclusion {
  const cause = firstCause(release, services, entries)
  const toDeploy = services.filter((one) => at(one, 'deploy').mark !== 'not-planned')
  const deployed = toDeploy.filter((one) => at(one, 'deploy').mark === 'passed')
  const said = (outcome: Conclusion['outcome'], headline: string, because: string): Conclusion => ({
    outcome,
    headline,
    because,
    sentence: because === '' ? headline : `${headline}: ${because}`,
  })
  if (entries.length === 0)
    return said('failed', `${release} is not in production`, 'no step left an outcome')
  if (cause === null && deployed.length > 0)
    return said('passed', `${release} is in production and verified`, praise(deployed, entries))
  const { outcome, because } = cause ?? { outcome: 'failed' as const, because: 'nothing was deployed' }
  if (deployed.length === 0) return said(outcome, `${release} is not in production`, because)
  if (deployed.length < toDeploy.length)
    return said(outcome, `${release} is in production only in part (${names(deployed)})`, because)
  return said(outcome, `${release} is in production, but not verified`, because)
}

function at(service: ServiceSteps, step: StepName): Step {
  return service.steps.find((one) => one.step === step) ?? { step, mark: 'missing', because: '' }
}

function names(services: readonly ServiceSteps[]): string {
  return services.map(({ service }) => service).join(', ')
}

/** The earliest "no" in time; then what is missing, in the order of the steps. */
function firstCause(
  release: string,
  services: readonly ServiceSteps[],
  entries: readonly Entry[],
): Cause | null {
  const bad = entries.filter(
    ({ document }) => document.outcome !== 'passed' && document.action !== 'release-report',
  )
  const ends = bad.toSorted((a, b) => a.document.finishedAt.localeCompare(b.document.finishedAt))
  const [first] = ends
  if (first !== undefined && first.document.outcome !== 'passed') {
    const more = ends.length === 1 ? '' : ` (and ${ends.length - 1} more)`
    return { outcome: first.document.outcome, because: explain(release, first) + more }
  }
  const lacking = firstLacking(services)
  if (lacking !== null) return { outcome: 'failed', because: lacking }
  const [back] = broughtBack(entries)
  return back === undefined ? null : { outcome: 'refused', because: back.because }
}

/** The first step without evidence, with all services that lack it. */
function firstLacking(services: readonly ServiceSteps[]): string | null {
  for (const name of stepNames) {
    const lacking = services.flatMap((one) => {
      const step = at(one, name)
      return step.mark === 'failed' || step.mark === 'missing'
        ? [{ service: one.service, because: step.because }]
        : []
    })
    const [first] = lacking
    if (first !== undefined)
      return `${name} of ${lacking.map(({ service }) => service).join(', ')}: ${first.because}`
  }
  return null
}

function explain(release: string, { service, document }: Entry): string {
  const verdict = document.action === 'canary-deploy' ? document.evidence.targets?.[0]?.verdict : undefined
  const failed = document.outcome === 'failed'
  const isTagging = document.action === 'push-image' && document.evidence.operation === 'tag'
  const said: Readonly<Record<string, string>> = {
    'build-image': failed ? `the build of ${service} could not be done` : `${service} was not built`,
    'scan-trivy': failed ? `${service} could not be scanned` : `the scan refused ${service}`,
    'push-image': isTagging
      ? `the tags of ${service} ${failed ? 'could not be' : 'were not'} moved`
      : failed
        ? `${service} could not be pushed`
        : `${service} was not pushed`,
    'canary-deploy': failed
      ? `the rollout of ${service} could not be done`
      : `${service} was ${deployed[verdict ?? ''] ?? 'refused'}`,
    verify: failed ? 'it could not be verified' : 'the verification refused it',
  }
  const because = document.because.replace(`${release} `, '').replace(/^is (rolled back|halted): /, '')
  return `${said[document.action] ?? `${document.action} of ${service} ${document.outcome}`}, because ${because}`
}

const deployed: Readonly<Record<string, string>> = {
  'rolled-back': 'rolled back',
  halted: 'halted in its rollout',
}

function praise(services: readonly ServiceSteps[], entries: readonly Entry[]): string {
  const verified = entries.findLast(({ document }) => document.action === 'verify')
  const count = services.length === 1 ? 'one service' : `${services.length} services`
  return `${count}${verified === undefined ? '' : `, ${verified.document.because}`}`
}

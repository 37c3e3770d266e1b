import {
  type Decision,
  type Effect,
  type Plan,
  type Rollout,
  type Observation,
  forecastWords,
  versionNames,
  nameOf,
} from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'
import { type Clock, formatDuration } from '@alt-las/time'

/** A wait that is over sooner is not worth a line. */
const leastMs = 3000
/** Distance of two lines about one wait: the longer it lasts, the rarer they are. */
const firstMs = 15_000
const mostMs = 5 * 60_000

interface Wait {
  readonly since: number
  /** When the next line may come. */
  readonly next: number
  readonly gapMs: number
}

/**
 * The log of a rollout: the forecast once, each phase and write once, and what is waited for when it lasts. While only its figures change
 * the lines get rarer. No line comes twice: a wait without figures says how long it has lasted, a repeated write how often it was tried.
 * With several `targets` the lines of each are rarer from the beginning.
 */
export function progressLog(
  log: Log,
  clock: Clock,
  targets = 1,
): (decision: Decision, rollout: Rollout, seen: Observation) => void {
  const begun = clock.elapsed()
  const waits = new Map<string, Wait>()
  const printed = new Map<string, number>()
  const rarer = Math.min(mostMs, firstMs * targets)
  let foreseen = false
  let ended: string | null = null
  const line = (rollout: Rollout, text: string) => {
    const after = formatDuration(clock.elapsed() - begun).padStart(6)
    log.line(`${after}  ${nameOf(rollout.phase).padEnd(15)} ${text}`)
  }
  /** How often it was printed in its phase, this time included. */
  const times = (rollout: Rollout, text: string): number => {
    const key = `${nameOf(rollout.phase)} ${text}`
    const count = (printed.get(key) ?? 0) + 1
    printed.set(key, count)
    return count
  }
  return (decision, rollout, seen) => {
    const { forecast, quiet } = rollout.judgement
    if (!foreseen && forecast !== undefined) {
      foreseen = true
      const text = quiet?.because ?? forecastWords(forecast, rollout.plan)
      // Where it ends at once, that line says it.
      if (text !== decision.because) line(rollout, `foresees: ${text}`)
    }
    // The phase that ends the rollout was entered with this sentence.
    if (decision.kind === 'finish' && decision.because === ended) return
    const text = sentence(decision, rollout.plan)
    const share = shareOf(rollout, seen)
    if (decision.kind !== 'wait' && decision.kind !== 'measure' && decision.kind !== 'smoke') {
      if (decision.kind === 'enter') {
        waits.clear()
        ended = decision.because
      }
      const count = times(rollout, text)
      line(rollout, share + text + (count === 1 ? '' : ` (${count} times now)`))
      return
    }
    const now = clock.elapsed()
    const subject = subjectOf(text)
    const { since, next, gapMs } = waits.get(subject) ?? { since: now, next: now + leastMs, gapMs: rarer }
    if (!waits.has(subject)) waits.set(subject, { since, next, gapMs })
    if (now < next) return
    waits.set(subject, { since, next: now + gapMs, gapMs: Math.min(mostMs, 2 * gapMs) })
    const isNew = times(rollout, text) === 1
    line(rollout, share + text + (isNew ? '' : `, for ${formatDuration(now - since)} now`))
  }
}

/** A sentence without its figures: the subject of a wait. */
const subjectOf = (text: string): string => text.replaceAll(/\d[\d.:]*(?:ms|[hms](?:\d+[ms])*)?/g, '#')

/** A rolling update has no share of traffic. */
function shareOf({ plan }: Rollout, { router }: Observation): string {
  if (plan.router === 'none') return ''
  const share = router.weight === null ? 'mixed' : `${router.weight}%`
  return `${versionNames(plan).name} ${share.padStart(5)}  `
}

function sentence(decision: Decision, plan: Plan): string {
  switch (decision.kind) {
    case 'do':
      return `${described(decision.effect, plan)}: ${decision.because}`
    case 'enter':
      return `→ ${nameOf(decision.phase)}: ${decision.because}`
    case 'measure':
      return `measures; ${decision.because}`
    case 'smoke':
      return `tests: ${decision.because}`
    case 'wait':
      return `waits: ${decision.because}`
    case 'stop':
      return `${decision.why}: ${decision.because}`
    case 'finish':
      return decision.because
  }
}

function described(effect: Effect, plan: Plan): string {
  const { fresh, name, old } = versionNames(plan)
  switch (effect.kind) {
    case 'apply-objects':
      return 'applies the objects of the manifests'
    case 'pin':
      return effect.hash === null
        ? `removes the pin of ${old}'s Service`
        : `pins ${old}'s Service to ${effect.hash}`
    case 'canary-service':
      return effect.hash === null ? `creates ${fresh}'s Service` : `pins ${fresh}'s Service to ${effect.hash}`
    case 'canary-deployment':
      return `${name} to ${effect.replicas} replicas`
    case 'weight':
      return `routes ${effect.percent}% to ${fresh}`
    case 'audience':
      return `routes the audience to ${fresh}`
    case 'restore-routes':
      return 'restores the routes'
    case 'stable-deployment':
      return `applies the ${plan.workload}`
    case 'remove-stable-deployment':
      return `removes the new ${plan.workload}`
    case 'remove-canary-deployment':
      return `removes ${fresh}'s Deployment`
    case 'remove-canary-service':
      return `removes ${fresh}'s Service`
    case 'hold-autoscaler':
      return `holds the autoscaler at ${effect.replicas} replicas`
    case 'restore-autoscaler':
      return 'restores the bounds of the autoscaler'
    case 'pre-deploy-job':
      return 'starts the pre-deploy Job'
    case 'arm-watchdog':
      return "arms the dead-man's switch"
    case 'disarm-watchdog':
      return "removes the dead-man's switch"
    case 'remove-job':
      return 'removes the pre-deploy Job'
    case 'keep-configs':
      return 'copies the ConfigMaps and Secrets in use'
    case 'remove-configs':
      return 'removes old versions of ConfigMaps and Secrets'
    case 'release-configs':
      return 'applies ConfigMaps and Secrets under their plain names'
    case 'restore-workload':
      return 'restores the old version'
    case 'smoke-pod':
      return 'starts a pod for the API tests'
    case 'remove-smoke-pod':
      return 'removes the pod of the API tests'
    case 'remove-pod':
      return `removes the pod ${effect.name}`
  }
}

import {
  type Decision,
  type Effect,
  type Plan,
  type Rollout,
  type Observation,
  versionNames,
  nameOf,
} from '@alt-las/rollout'
import type { Log } from '@alt-las/runner'
import { type Clock, formatDuration } from '@alt-las/time'

const everyMs = 15_000

/**
 * The log of a rollout: each phase and write once; a wait when its subject changes, and every 15 s while only its figures
 * change.
 */
export function progressLog(
  log: Log,
  clock: Clock,
): (decision: Decision, rollout: Rollout, seen: Observation) => void {
  const begun = clock.elapsed()
  const logged = new Map<string, number>()
  return (decision, rollout, seen) => {
    const text = sentence(decision, rollout.plan)
    const now = clock.elapsed()
    if (decision.kind === 'wait' || decision.kind === 'measure') {
      const shape = text.replaceAll(/\d+/g, '#')
      if (now - (logged.get(shape) ?? -Infinity) < everyMs) return
      logged.set(shape, now)
    } else logged.clear()
    const share = shareOf(rollout, seen)
    log.line(
      `${formatDuration(now - begun).padStart(6)}  ${nameOf(rollout.phase).padEnd(15)} ${share}${text}`,
    )
  }
}

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
    case 'remove-pod':
      return `removes the pod ${effect.name}`
  }
}

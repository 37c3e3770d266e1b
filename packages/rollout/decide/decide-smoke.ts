import { formatDuration } from '@alt-las/time'
import type { Decision } from '../model/effects.ts'
import type { Observation } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { versionNames } from '../strategies/strategies.ts'
import { whatCanaryLacks } from './answers/capacity.ts'
import { revert, wait } from './answers/decision.ts'
import { endComparison } from './answers/foreign-change.ts'
import { testedFirst } from './answers/tested-first.ts'
import { firstReplicas, whenTested } from './decide-prepare.ts'

/** The new version answers the API tests before the first user meets it. */
export function decideSmoke(rollout: Rollout, seen: Observation): Decision {
  const { plan } = rollout
  const { stable, canary } = seen
  const { fresh, old } = versionNames(plan)
  if (seen.interrupted !== null) return revert(`${seen.interrupted} before any traffic moved`)
  if (stable === null) return revert(`${old}'s Deployment was removed from outside`)
  if (canary === null) return revert(`${fresh} was removed from outside`)
  const foreign = endComparison(rollout, seen)
  if (foreign !== null) return foreign
  if (canary.readiness.kind === 'failed')
    return revert(`${fresh} failed: ${canary.readiness.because}`, canary.readiness.cause)
  const lack = whatCanaryLacks(plan, seen, firstReplicas(rollout))
  if (lack !== null)
    return seen.inPhaseMs >= plan.readyTimeoutMs
      ? revert(`${fresh} is not ready after ${formatDuration(plan.readyTimeoutMs)}: ${lack}`)
      : wait(lack)
  return testedFirst(rollout) ?? whenTested(rollout, seen)
}

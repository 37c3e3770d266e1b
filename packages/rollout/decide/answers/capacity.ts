import { replicasFor } from '@alt-las/routers'
import type { Observation } from '../../model/observation.ts'
import type { Plan } from '../../model/plan.ts'
import type { Rollout } from '../../model/rollout.ts'
import { versionNames } from '../../strategies/strategies.ts'

/** Pods of the new version that can take all the traffic. */
export function fullReplicas({ plan, baseline }: Rollout): number {
  return Math.max(replicasFor(plan, 100, baseline.replicas), plan.desired.spec.replicas ?? 1)
}

/** Why the canary cannot take traffic with `replicas` pods yet; null when it can. */
export function whatCanaryLacks(
  plan: Pick<Plan, 'strategy'>,
  { canary, canaryService }: Observation,
  replicas: number,
): string | null {
  const { fresh, name } = versionNames(plan)
  if (canary === null) return `${fresh} is gone`
  if (canary.replicas < replicas) return `${fresh} has ${canary.replicas} of ${replicas} replicas`
  if (canary.readiness.kind !== 'ready') return canary.readiness.because
  if (!canary.settled) return `${canary.ready} of ${canary.replicas} ${name} pods are ready`
  if (canaryService === null || canaryService.endpoints < replicas)
    return `${fresh}'s Service has ${canaryService?.endpoints ?? 0} of ${replicas} endpoints`
  return null
}

import type { Sight } from '../observe/sight.ts'
import { called } from '../plan/called.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rollout } from '../state/rollout.ts'

/**
 * Canary pods that a weight needs beside `stableReplicas`, at least one: so many that a pod of the canary has as much to do as one of stable,
 * and never more than all traffic needs. Fewer would be slower for want of pods, and the judge would call the version slow. With weights of a
 * gateway rounded up, so that capacity comes first; with `replicas` the pods ARE the weight: rounded down, so that the share is never above it.
 */
export function replicasFor(plan: Pick<Plan, 'router'>, weight: number, stableReplicas: number): number {
  if (weight >= 100) return Math.max(1, stableReplicas)
  const beside = (weight / (100 - weight)) * stableReplicas
  return plan.router === 'replicas'
    ? Math.max(1, Math.floor(beside + 1e-9))
    : Math.min(Math.max(1, stableReplicas), Math.max(1, Math.ceil(beside - 1e-9)))
}

/** Pods of the new version that can take all the traffic. */
export function fullReplicas({ plan, before }: Rollout): number {
  return Math.max(replicasFor(plan, 100, before.replicas), plan.desired.spec.replicas ?? 1)
}

/** What keeps the canary from taking traffic with `replicas` pods; null when nothing does. */
export function whatCanaryLacks(
  plan: Pick<Plan, 'strategy'>,
  { canary, canaryService }: Sight,
  replicas: number,
): string | null {
  const { fresh, name } = called(plan)
  if (canary === null) return `${fresh} is gone`
  if (canary.replicas < replicas)
    return `${fresh} has ${String(canary.replicas)} of ${String(replicas)} replicas`
  if (canary.standing.kind !== 'ready') return canary.standing.because
  if (!canary.settled) return `${String(canary.ready)} of ${String(canary.replicas)} ${name} pods are ready`
  if (canaryService === null || canaryService.endpoints < replicas)
    return `${fresh}'s Service has ${String(canaryService?.endpoints ?? 0)} of ${String(replicas)} endpoints`
  return null
}

import { timeOf, type Cause } from './cause.ts'
import type { PodDisruptionBudget } from '@alt-las/kubernetes'

/**
 * A PodDisruptionBudget that allows no eviction: rollouts ignore it, but node drains and preemption wait for it, and so does
 * every pod that needs the room. null if it allows a disruption, or has no pods.
 */
export function budgetCause({ metadata, status }: PodDisruptionBudget): Cause | null {
  if (status === undefined || status.disruptionsAllowed > 0 || status.expectedPods === 0) return null
  const { currentHealthy, desiredHealthy, expectedPods } = status
  const condition = status.conditions?.find(({ type }) => type === 'DisruptionAllowed')
  const figures = `${currentHealthy} of ${expectedPods} pods are healthy, ${desiredHealthy} must be`
  const why = condition?.reason === 'SyncFailed' ? (condition.message ?? 'it cannot be computed') : figures
  return {
    kind: 'disruption-budget',
    because: `the PodDisruptionBudget ${metadata.name} allows no eviction: ${why}`,
    heals: true,
    graceMs: null,
    since: timeOf(condition?.lastTransitionTime),
    fault: 'surroundings',
    about: metadata.name,
    evidence: { currentHealthy, desiredHealthy, expectedPods, reason: condition?.reason },
  }
}

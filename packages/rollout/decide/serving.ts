import type { ClusterObservation } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'

/**
 * The plan's version already has all traffic, no object of a rollout is left, and its pods have the promoted template: the
 * Deployment still has the version annotation, and its pod template is unchanged since.
 */
export function isServing(
  { plan, served }: { readonly plan: Plan; readonly served: string | null },
  { stable, canary, service, router }: Pick<ClusterObservation, 'stable' | 'canary' | 'service' | 'router'>,
): boolean {
  if (stable === null || !stable.settled || canary !== null || router.hasCanary) return false
  return (
    (service?.pin ?? null) === null &&
    stable.version === plan.version &&
    served !== null &&
    stable.hash === served
  )
}

import type { ClusterObservation } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'

/**
 * The plan's version already has all traffic, nothing of a rollout is left, and its pods are of the template that was promoted: the
 * version that we wrote is still on the Deployment, and nobody has changed the pods since.
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

import type { At } from '@alt-las/kubernetes'
import { routeKindsOf } from './routed-kinds.ts'
import type { PlannedSplit } from '../port/split.ts'

/** The objects with the weights of the plan's router; none if stable's Service has them, or no object does. */
export function routePlaces({
  router,
  namespace,
}: Pick<PlannedSplit, 'router' | 'namespace'>): readonly At[] {
  return routeKindsOf(router).map(({ apiVersion, kind }) => ({ apiVersion, kind, namespace }))
}

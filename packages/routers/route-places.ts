import type { At } from '@alt-las/kubernetes'
import { routeKindsOf } from './routed-kinds.ts'
import type { PlannedSplit } from './split.ts'

/** The objects that hold the weights of the plan's router; none where stable's Service holds them, or nothing does. */
export function routePlaces({
  router,
  namespace,
}: Pick<PlannedSplit, 'router' | 'namespace'>): readonly At[] {
  return routeKindsOf(router).map(({ apiVersion, kind }) => ({ apiVersion, kind, namespace }))
}

import type { ServiceSight } from './sight.ts'

/** The Service has a ready address for every replica; one that is not there has none. */
export const findsAll = (service: ServiceSight | null, replicas: number): boolean =>
  (service?.endpoints ?? 0) >= replicas

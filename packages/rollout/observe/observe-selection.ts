import { Failure } from '@alt-las/failure'
import type { Cluster, Pod, Service } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'

/** The Services of the plan's namespace and the pods that they may select. */
export interface ObservedSelection {
  readonly services: readonly Service[]
  readonly pods: readonly Pod[]
}

/** Services are left out if a rolling update without a Service may not list them. */
export async function observeSelection(
  { namespace, service }: Pick<Plan, 'namespace' | 'service'>,
  cluster: Pick<Cluster, 'list'>,
): Promise<ObservedSelection> {
  const services = cluster.list<Service>({ apiVersion: 'v1', kind: 'Service', namespace })
  const [found, pods] = await Promise.all([
    service === '' ? services.catch(noneWhereForbidden) : services,
    cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace }),
  ])
  return { services: found, pods }
}

function noneWhereForbidden(error: unknown): readonly Service[] {
  if (error instanceof Failure && error.code === 'forbidden') return []
  throw error
}

// Pods and Services as the API server holds them, read here without the code that is judged by them.
import type { Pod, Service } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** By its condition, and not terminating. */
export const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True')

/** By the label that selects it. */
export const isCanary = ({ metadata }: Pod): boolean => metadata.labels?.['alt-las.dev/track'] === 'canary'

/** Pods that the Service selects, ready or not; none without a selector. */
function selectedPods(service: Service, cluster: FakeCluster): readonly Pod[] {
  const wanted = Object.entries(service.spec.selector ?? {})
  if (wanted.length === 0) return []
  return cluster
    .all<Pod>('Pod')
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace)
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
}

/** The ready pods behind a Service of the namespace `shop`; none without the Service. */
export function readyBehind(name: string, cluster: FakeCluster): readonly Pod[] {
  const service = cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name })
  return service === null ? [] : selectedPods(service, cluster).filter(isReady)
}

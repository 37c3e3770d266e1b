import type { Pod, Service } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** Pods that the Service's selector takes in, ready or not; none without a selector. */
export function selectedPods(service: Service, cluster: FakeCluster): readonly Pod[] {
  const wanted = Object.entries(service.spec.selector ?? {})
  if (wanted.length === 0) return []
  return cluster
    .all<Pod>('Pod')
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace)
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
}

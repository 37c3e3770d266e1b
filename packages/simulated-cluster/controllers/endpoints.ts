import type { EndpointSlice, Pod, Service } from '@alt-las/kubernetes'
import { isEnding, isOver, isReady, ownerOf, type Round } from './round/round.ts'

/** One slice per Service with a selector: every pod that it takes in and that has an address. */
export function endpoints(round: Round): void {
  const all = round.of<Pod>('Pod')
  for (const service of round.of<Service>('Service')) {
    const selector = Object.entries(service.spec.selector ?? {})
    if (selector.length === 0 || isEnding(service)) continue
    const taken = all.filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        selector.every(([key, value]) => metadata.labels?.[key] === value),
    )
    round.put(sliceOf(service, taken))
  }
}

function sliceOf(service: Service, pods: readonly Pod[]): EndpointSlice {
  const found = pods.flatMap((pod) => endpointOf(pod))
  const ports = (service.spec.ports ?? []).map(({ name = '', port, targetPort, protocol = 'TCP' }) => ({
    name,
    port: typeof targetPort === 'number' ? targetPort : port,
    protocol,
  }))
  // An empty slice has null for both.
  const filled = found.length === 0 ? { endpoints: null, ports: null } : { endpoints: found, ports }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-slice`,
      namespace: service.metadata.namespace ?? 'default',
      labels: { 'kubernetes.io/service-name': service.metadata.name },
      ownerReferences: [ownerOf(service)],
    },
    addressType: 'IPv4',
    ...filled,
  } as EndpointSlice
}

function endpointOf(pod: Pod): NonNullable<EndpointSlice['endpoints']> {
  const { podIP } = pod.status ?? {}
  if (podIP === undefined || isOver(pod)) return []
  const terminating = isEnding(pod)
  const conditions = { ready: isReady(pod) && !terminating, serving: isReady(pod), terminating }
  const { name, uid = '' } = pod.metadata
  return [{ addresses: [podIP], conditions, targetRef: { kind: 'Pod', name, uid } }]
}

import type { Cluster, EndpointSlice, Service } from '@alt-las/kubernetes'

export interface ProbeTarget {
  /** An address that needs no DNS; null where the host is not a Service of this cluster. */
  readonly address: string | null
  /** Whether the Service has a ready endpoint; null where endpoints are not known. */
  readonly ready: boolean | null
}

/** `postgres` or `postgres.other-namespace…` as a Service; anything else is a name for DNS alone. */
export async function lookUp(host: string, namespaceOfProbe: string, cluster: Cluster): Promise<ProbeTarget> {
  const [name = '', namespace = namespaceOfProbe, svc = 'svc'] = host.split('.')
  if (svc !== 'svc') return { address: null, ready: null }
  const service = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name })
  if (service === null) return { address: null, ready: null }
  if (service.spec.selector === undefined) return { address: clusterIp(service), ready: null }
  const slices = await cluster.list<EndpointSlice>({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  })
  const ready = slices
    .flatMap((slice) => slice.endpoints ?? [])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
  // A headless Service has no address of its own: its first pod stands for it.
  return { address: clusterIp(service) ?? ready[0]?.addresses[0] ?? null, ready: ready.length > 0 }
}

function clusterIp({ spec: { clusterIP } }: Service): string | null {
  return clusterIP === undefined || clusterIP === '' || clusterIP === 'None' ? null : clusterIP
}

import type { At, Cluster, EndpointSlice } from '@alt-las/kubernetes'

/**
 * The ready pods behind a Service: each by its name, or by its address where an endpoint is no pod. A dual-stack Service has a slice for
 * each family of addresses, so a pod is listed twice.
 */
export async function readyEndpoints(
  { namespace, service }: { readonly namespace: string; readonly service: string },
  cluster: Pick<Cluster, 'list'>,
): Promise<ReadonlySet<string>> {
  const at: At = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  }
  const slices = await cluster.list<EndpointSlice>(at)
  // The API server gives null, not an empty list, for a slice without endpoints.
  const ready = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false),
  )
  return new Set(
    ready.flatMap(({ targetRef, addresses }) =>
      targetRef?.kind === 'Pod' && targetRef.name !== undefined ? [targetRef.name] : addresses,
    ),
  )
}

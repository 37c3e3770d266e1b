import type { Cluster, Pod, Service } from '@alt-las/kubernetes'
import { podSelector } from '@alt-las/workload-health'
import type { PodAddress, Versions } from '@alt-las/telemetry'
import { type Routed, routedBackends } from '@alt-las/routers'
import { trackLabel } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'

/**
 * Both versions with their names for gateways and scrapers, read again each time. A removed pod stays listed: its last counts are still to be
 * read. `switched` is null while both serve.
 */
export function versionsOf(
  plan: Plan,
  switched: Versions['switched'],
  cluster: Pick<Cluster, 'get' | 'list'>,
): () => Promise<Versions> {
  const known = new Map<string, KnownPod>()
  let routed: Routed | null = null
  return async () => {
    const [found, pods] = await Promise.all([routed ?? routedOf(plan, cluster), podsOf(plan, cluster)])
    routed = found
    const { ports, names } = found
    remember(pods, known)
    const backend = (role: 'canary' | 'stable', service: string, deployment: string) => {
      const own = [...known.values()].filter((pod) => pod.role === role)
      return { role, namespace: plan.namespace, service, ports, deployment, pods: own }
    }
    // A switched Service keeps its name.
    const canaryService = plan.router === 'service' ? plan.service : plan.canaryService
    return {
      canary: backend('canary', canaryService, `${plan.deployment}-canary`),
      // The canary is never the only backend of a route.
      stable: { ...backend('stable', plan.service, plan.deployment), ...(names.length > 0 && { names }) },
      switched,
    }
  }
}

interface KnownPod extends PodAddress {
  readonly role: 'canary' | 'stable'
}

/** The Service's ports as the routes name them: gateways use these in the names of their series. Without a route, all ports that it has. */
async function routedOf(plan: Plan, cluster: Pick<Cluster, 'get' | 'list'>): Promise<Routed> {
  const routed = await routedBackends(plan, cluster)
  if (routed.ports.length > 0) return routed
  const { namespace, service: name } = plan
  const found = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name })
  const ports = (found?.spec.ports ?? []).flatMap((one) => [
    String(one.port),
    ...(one.name === undefined ? [] : [one.name]),
  ])
  return { ports, names: routed.names }
}

async function podsOf(plan: Plan, cluster: Pick<Cluster, 'list'>): Promise<readonly KnownPod[]> {
  const { namespace } = plan
  const { labelSelector = '' } = podSelector(plan.desired)
  const pods = await cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
  return pods.map(({ metadata, status }) => ({
    role: metadata.labels?.[trackLabel] === 'canary' ? 'canary' : 'stable',
    name: metadata.name,
    ip: status?.podIP ?? '',
  }))
}

/** An address that was reused by another pod no longer identifies the first one. */
function remember(pods: readonly KnownPod[], known: Map<string, KnownPod>): void {
  const taken = new Set(pods.map(({ ip }) => ip))
  for (const [name, pod] of known) if (taken.has(pod.ip)) known.set(name, { ...pod, ip: '' })
  for (const pod of pods) {
    // A terminating pod may lose its address before its last scrape is read.
    const ip = pod.ip === '' ? (known.get(pod.name)?.ip ?? '') : pod.ip
    known.set(pod.name, { ...pod, ip })
  }
}

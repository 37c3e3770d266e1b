import type { Cluster, Pod, Service } from '@alt-las/kubernetes'
import { routedPorts } from '@alt-las/routers'
import { podSelector } from '@alt-las/workload-health'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import type { SmokeTarget } from '../model/smoke.ts'
import { strategyOf } from '../strategies/strategies.ts'
import { hasSmokePod, smokePodName } from './observe-smoke-pod.ts'

/** `because`: why there is none. */
export type FoundPort =
  | { readonly kind: 'port'; readonly port: string; readonly scheme: SmokeTarget['scheme'] }
  | { readonly kind: 'none'; readonly because: string }

type Reader = Pick<Cluster, 'get' | 'list'>

/** Who answers the API tests of this phase: the second version by its Service, a pod of its own, or a first installation. */
export async function smokeTarget(
  rollout: Rollout,
  cluster: Reader,
): Promise<{ readonly kind: 'target'; readonly target: SmokeTarget } | Extract<FoundPort, { kind: 'none' }>> {
  const { plan, phase } = rollout
  const { namespace } = plan
  const service = await serviceOf(plan, cluster)
  const found = testedPort(plan, service, await routedPortsOf(plan, cluster))
  if (found.kind === 'none') return found
  const { port, scheme } = found
  const at = (kind: SmokeTarget['kind'], name: string) =>
    ({ kind: 'target', target: { kind, namespace, name, port, scheme } }) as const
  if (!strategyOf(plan).hasSecondVersion)
    return phase.kind === 'smoke' ? at('pod', smokePodName(rollout)) : anyPod(plan, at, cluster)
  return at('service', phase.kind === 'smoke' ? plan.canaryService : plan.service)
}

/** A rolling update is tested at a pod, from its first installation on. */
async function anyPod<T>(
  { desired, namespace }: Plan,
  at: (kind: 'pod', name: string) => T,
  cluster: Reader,
): Promise<T | Extract<FoundPort, { kind: 'none' }>> {
  const pods = await cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, ...podSelector(desired) })
  const ready = pods.find(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  )
  return ready === undefined
    ? { kind: 'none', because: 'no pod of it is ready' }
    : at('pod', ready.metadata.name)
}

const serviceOf = ({ namespace, service: name }: Plan, cluster: Reader): Promise<Service | null> =>
  name === ''
    ? Promise.resolve(null)
    : cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name })

export const routedPortsOf = (plan: Plan, cluster: Reader): Promise<readonly string[]> =>
  plan.service === '' ? Promise.resolve([]) : routedPorts(plan, cluster)

/** The port of the Service that the routes name, or that of its pods where a pod is tested. `service`: the plan's own. */
export function testedPort(plan: Plan, service: Service | null, routed: readonly string[]): FoundPort {
  const containers = plan.desired.spec.template.spec.containers
  const declared = containers
    .filter(({ name }) => name === plan.container)
    .flatMap(({ ports = [] }) => ports.map(({ containerPort, name }) => ({ port: containerPort, name })))
  const named = declared.map(({ port, name }) => ({ port, ...(name === undefined ? {} : { name }) }))
  const found =
    service === null
      ? portOf(named, [], `container ${plan.container}`)
      : portOf(service.spec.ports ?? [], routed, `Service ${plan.service}`)
  if (typeof found === 'string') return { kind: 'none', because: found }
  const scheme = schemeOf(found)
  if (service === null || !isAtPod(plan)) return { kind: 'port', port: String(found.port), scheme }
  const { targetPort = found.port } = found
  const all = containers.flatMap(({ ports = [] }) => ports)
  const port =
    typeof targetPort === 'number' ? targetPort : all.find(({ name }) => name === targetPort)?.containerPort
  return port === undefined
    ? {
        kind: 'none',
        because: `no container has the port ${targetPort} that the Service ${plan.service} sends to`,
      }
    : { kind: 'port', port: String(port), scheme }
}

const isAtPod = (plan: Plan): boolean => hasSmokePod(plan)

type NamedPort = Pick<
  NonNullable<Service['spec']['ports']>[number],
  'port' | 'name' | 'appProtocol' | 'targetPort'
>

/** The one that the routes name, the only one, or the one with the usual name; else why there is none. */
export function portOf(
  ports: readonly NamedPort[],
  routed: readonly string[],
  owner: string,
): NamedPort | string {
  const named = ports.filter(({ port, name }) => routed.includes(String(port)) || routed.includes(name ?? ''))
  const candidates = named.length > 0 ? named : ports
  const only = candidates.length === 1 ? candidates[0] : candidates.find(({ name }) => name === 'http')
  if (only !== undefined) return only
  return candidates.length === 0
    ? `the ${owner} has no port`
    : `the ${owner} has the ports ${candidates.map(({ port }) => port).join(', ')}, and none of them is named http`
}

export const schemeOf = ({ port, name, appProtocol }: NamedPort): SmokeTarget['scheme'] =>
  appProtocol?.toLowerCase() === 'https' || name === 'https' || port === 443 ? 'https' : 'http'

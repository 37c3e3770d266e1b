import type { Cluster, Service } from '@alt-las/kubernetes'
import { routedPorts } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'
import type { SmokeTarget } from '../model/smoke.ts'

export type FoundTarget =
  | { readonly kind: 'target'; readonly target: SmokeTarget }
  | { readonly kind: 'none'; readonly because: string; readonly remedy: string }

type ServicePort = NonNullable<Service['spec']['ports']>[number]

/** The new version by the Service that `serving` names, at the port that the routes name. The ports are those of the plan's own Service. */
export async function smokeTarget(
  plan: Plan,
  serving: { readonly name: string; readonly service: Service | null },
  cluster: Pick<Cluster, 'list'>,
): Promise<FoundTarget> {
  const { namespace } = plan
  const ports = serving.service?.spec.ports ?? []
  const found = portOf(ports, await routedPorts(plan, cluster))
  if (typeof found === 'string')
    return {
      kind: 'none',
      because: `the API tests have no port to go to: ${found}`,
      remedy: `let the route name the port of the Service ${plan.service} that serves HTTP, or name that port http`,
    }
  const { name } = serving
  const port = String(found.port)
  return { kind: 'target', target: { kind: 'service', namespace, name, port, scheme: schemeOf(found) } }
}

/** The one that the routes name, the only one, or the one with the usual name; else why there is none. */
export function portOf(ports: readonly ServicePort[], routed: readonly string[]): ServicePort | string {
  const named = ports.filter(({ port, name }) => routed.includes(String(port)) || routed.includes(name ?? ''))
  const candidates = named.length > 0 ? named : ports
  const only = candidates.length === 1 ? candidates[0] : candidates.find(({ name }) => name === 'http')
  if (only !== undefined) return only
  return candidates.length === 0
    ? 'the Service has no port'
    : `the Service has the ports ${candidates.map(({ port }) => port).join(', ')}, and none of them is named http`
}

export const schemeOf = ({
  port,
  name,
  appProtocol,
}: Pick<ServicePort, 'port' | 'name' | 'appProtocol'>): SmokeTarget['scheme'] =>
  appProtocol?.toLowerCase() === 'https' || name === 'https' || port === 443 ? 'https' : 'http'

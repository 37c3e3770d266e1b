import type { Cluster } from '@alt-las/kubernetes'
import type { Check, CheckRunner } from '../check.ts'
import { findWorkloads, type Selection } from '../workloads.ts'
import { checkNetwork, type NetworkPlan } from './network/check-network.ts'
import { checkPods } from './pods.ts'
import { checkTransport, type TransportPlan, type TransportPorts } from './transport.ts'
import type { Waiver } from './waivers.ts'

export interface SecurityPlan {
  readonly selection: Selection
  /** null without a URL. */
  readonly transport: TransportPlan | null
  readonly waivers: readonly Waiver[]
  /** null without connections to try. */
  readonly network: NetworkPlan | null
}

export interface SecurityPorts extends TransportPorts {
  readonly cluster: () => Cluster
  readonly checks: CheckRunner
  /** Part of the probes' names; differs from run to run. */
  readonly unique: string
}

/** The URL as a client meets it, the rights of the pods, and the network as tried from inside. */
export async function checkSecurity(plan: SecurityPlan, ports: SecurityPorts): Promise<readonly Check[]> {
  const all = await Promise.all([
    plan.transport === null ? [] : checkTransport(plan.transport, ports),
    checkInside(plan, ports),
  ])
  return all.flat()
}

async function checkInside(
  { selection, waivers, network }: SecurityPlan,
  ports: SecurityPorts,
): Promise<readonly Check[]> {
  const found = await ports.checks.need('security', 'workloads', async () => {
    const cluster = ports.cluster()
    return { cluster, workloads: await findWorkloads(selection, cluster) }
  })
  if (found.kind === 'failed') return [found.check]
  const { cluster, workloads } = found.value
  const { namespace } = selection
  const all = await Promise.all([
    checkPods({ namespace, waivers, workloads }, { ...ports, cluster }),
    network === null ? [] : checkNetwork(network, { namespace, workloads }, { ...ports, cluster }),
  ])
  return all.flat()
}

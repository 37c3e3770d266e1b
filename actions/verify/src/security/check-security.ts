import type { Cluster } from '@alt-las/kubernetes'
import type { Check, RunCheck } from '../check.ts'
import type { Inputs } from '../inputs.ts'
import { checkNetwork, type NetworkPorts } from './network/check-network.ts'
import { checkPods } from './pods.ts'
import { checkTransport, type TransportPorts } from './transport.ts'
import { findWorkloads, selectionOf } from '../workloads.ts'

export interface SecurityPorts extends TransportPorts, NetworkPorts {
  readonly cluster: Cluster
  readonly run: RunCheck
}

/** What users meet at the door, what the pods may do, and what the network lets through when it is tried. */
export async function checkSecurity(
  inputs: Inputs & { readonly namespace: string },
  ports: SecurityPorts,
): Promise<readonly Check[]> {
  const workloads = await findWorkloads(selectionOf(inputs), ports.cluster)
  const all = await Promise.all([
    inputs.url === null ? [] : checkTransport({ ...inputs, url: inputs.url }, ports),
    checkPods(inputs, workloads, ports),
    checkNetwork(inputs, workloads, ports),
  ])
  return all.flat()
}

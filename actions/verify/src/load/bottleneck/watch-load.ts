import type { Cluster, NodeProxy } from '@alt-las/kubernetes'
import type { Prometheus } from '@alt-las/telemetry'
import { findWorkloads, livePods, type Selection } from '../../workloads.ts'
import { between, readNodes } from './kubelet.ts'
import { nameBottleneck, type Bottleneck } from './name-bottleneck.ts'
import { readUsage, type Running } from './read-usage.ts'

export interface UsagePorts {
  readonly cluster: Cluster
  readonly nodes: NodeProxy
  readonly metrics: Prometheus
}

export interface LoadWatch {
  /** The next load begins: what was used before it does not count. */
  begin(): Promise<void>
  /** Names the bottleneck of the last `ms`. */
  bottleneck(ms: number): Promise<Bottleneck>
}

/** A scrape may be 15 s apart from the next, and a rate needs two. */
const leastMs = 30_000

/** Begins to look before the load: the kubelets' counters say something only between two moments. */
export async function watchLoad(
  selection: Selection,
  { cluster, nodes, metrics }: UsagePorts,
): Promise<LoadWatch> {
  const running = await podsOf(selection, cluster)
  const names = [...new Set(running.flatMap(({ pods }) => pods.flatMap(({ spec }) => spec.nodeName ?? [])))]
  let before = await readNodes(names, nodes)
  // For a source that is scraped by this process: the first scrape.
  await metrics.query('vector(1)')
  return {
    begin: async () => {
      before = await readNodes(names, nodes)
    },
    bottleneck: async (ms) => {
      await metrics.query('vector(1)')
      const after = await readNodes(names, nodes)
      const { namespace } = selection
      const measured = between(before.nodes, after.nodes, namespace)
      const facts = { namespace, ms: Math.max(ms, leastMs), measured, missing: after.missing }
      return nameBottleneck(await readUsage(running, facts, metrics))
    },
  }
}

async function podsOf(selection: Selection, cluster: Cluster): Promise<readonly Running[]> {
  const workloads = await findWorkloads(selection, cluster)
  return Promise.all(
    workloads.map(async (workload) => ({ workload, pods: await livePods(workload, cluster) })),
  )
}

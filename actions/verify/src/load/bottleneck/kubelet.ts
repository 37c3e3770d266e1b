import { describe } from '@alt-las/failure'
import type { NodeProxy } from '@alt-las/kubernetes'
import { parseExposition, type Exposed } from '@alt-las/telemetry'
import type { NodeUsage } from './usage.ts'

/** Counters of one node at one time, as its kubelet says them. */
export interface NodeCounters {
  readonly name: string
  readonly samples: readonly Exposed[]
}

export interface Measured {
  /** By pod. */
  readonly pods: ReadonlyMap<string, { readonly cores: number; readonly throttled: number | null }>
  readonly nodes: readonly NodeUsage[]
}

/** Reads the nodes' cAdvisor; `missing` says for which nodes it may not be read. */
export async function readNodes(
  names: readonly string[],
  proxy: NodeProxy,
): Promise<{ readonly nodes: readonly NodeCounters[]; readonly missing: readonly string[] }> {
  const missing: string[] = []
  const nodes = await Promise.all(
    names.map(async (name) => {
      try {
        const text = await proxy.get(name, '/metrics/cadvisor')
        return [{ name, samples: parseExposition(text) }]
      } catch (error) {
        missing.push(`throttling and CPU of the pods on node ${name} (${describe(error)})`)
        return []
      }
    }),
  )
  return { nodes: nodes.flat(), missing }
}

/** The CPU time between two readings. The kubelet renews its numbers every ten seconds or so: their own time stamps count. */
export function between(
  before: readonly NodeCounters[],
  after: readonly NodeCounters[],
  namespace: string,
): Measured {
  const pods = new Map<string, { readonly cores: number; readonly throttled: number | null }>()
  const nodes: NodeUsage[] = []
  for (const { name, samples } of after) {
    const first = before.find((one) => one.name === name)
    if (first === undefined) continue
    const was = new Map(first.samples.map((one) => [key(one), one]))
    const grown = samples.flatMap((one) => growth(was.get(key(one)), one))
    for (const [pod, own] of Map.groupBy(grown, ({ labels }) => podOf(labels, namespace)))
      if (pod !== null) pods.set(pod, usageOf(own))
    const whole = grown.find(({ labels }) => named(labels, cpuSeconds) && labels['id'] === '/')
    const capacity = samples.find(({ labels }) => named(labels, 'machine_cpu_cores'))?.value
    if (whole !== undefined && capacity !== undefined)
      nodes.push({ name, cores: whole.by / whole.seconds, capacity })
  }
  return { pods, nodes }
}

const cpuSeconds = 'container_cpu_usage_seconds_total'
const periods = 'container_cpu_cfs_periods_total'
const stopped = 'container_cpu_cfs_throttled_periods_total'

interface Grown {
  readonly labels: Exposed['labels']
  readonly by: number
  readonly seconds: number
}

function growth(first: Exposed | undefined, last: Exposed): readonly Grown[] {
  if (first?.at === undefined || last.at === undefined || last.at <= first.at || last.value < first.value)
    return []
  return [{ labels: last.labels, by: last.value - first.value, seconds: (last.at - first.at) / 1000 }]
}

/** There are series of the pod and of each container: the pod's are the largest. */
function usageOf(grown: readonly Grown[]) {
  const most = (metric: string, of: (one: Grown) => number) =>
    Math.max(0, ...grown.filter(({ labels }) => named(labels, metric)).map(of))
  const all = most(periods, ({ by }) => by)
  const throttled = all === 0 ? null : most(stopped, ({ by }) => by) / all
  return { cores: most(cpuSeconds, ({ by, seconds }) => by / seconds), throttled }
}

function podOf(labels: Exposed['labels'], namespace: string): string | null {
  const { pod = '' } = labels
  return pod === '' || labels['namespace'] !== namespace ? null : pod
}

const named = (labels: Exposed['labels'], metric: string) => labels['__name__'] === metric
const key = ({ labels }: Exposed) => JSON.stringify(labels)

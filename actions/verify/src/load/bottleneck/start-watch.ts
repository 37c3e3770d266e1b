import type { Cluster, NodeProxy } from '@alt-las/kubernetes'
import type { Prometheus } from '@alt-las/telemetry'
import { yes, type Check, type CheckKind, type CheckRunner } from '../../check.ts'
import type { Selection } from '../../workloads.ts'
import type { Bottleneck } from './name-bottleneck.ts'
import { watchLoad } from './watch-load.ts'

export interface WatchPorts {
  readonly cluster: () => Cluster
  readonly nodes: () => NodeProxy
  readonly metrics: () => Prometheus
  readonly checks: CheckRunner
}

export interface StartedWatch {
  /** A failed one where the metrics cannot be read. */
  readonly checks: readonly Check[]
  /** The next load begins: what was used before it does not count. */
  begin(): Promise<void>
  /** The bottleneck of the last `ms`, as a check that names it. */
  find(ms: number): Promise<{ readonly checks: readonly Check[]; readonly bottleneck: Bottleneck | null }>
}

const nothing = { checks: [], bottleneck: null }
const blind: StartedWatch = {
  checks: [],
  begin: () => Promise.resolve(),
  find: () => Promise.resolve(nothing),
}

/** Looks on from before the load. Nothing is looked at where no source of metrics is known. */
export async function startWatch(
  kind: CheckKind,
  watched: Selection | null,
  { cluster, nodes, metrics, checks }: WatchPorts,
): Promise<StartedWatch> {
  if (watched === null) return blind
  const watch = await checks.need(kind, 'metrics', () =>
    watchLoad(watched, { cluster: cluster(), nodes: nodes(), metrics: metrics() }),
  )
  if (watch.kind === 'failed') return { ...blind, checks: [watch.check] }
  return {
    checks: [],
    begin: () => watch.value.begin(),
    find: async (ms) => {
      const found = await checks.learn(kind, 'bottleneck', async () => {
        const value = await watch.value.bottleneck(ms)
        return { ...yes(value.because), value }
      })
      return { checks: [found.check], bottleneck: found.kind === 'done' ? found.value : null }
    },
  }
}

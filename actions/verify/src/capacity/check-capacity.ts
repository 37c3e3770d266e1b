import type { Cluster, NodeProxy, Workload } from '@alt-las/kubernetes'
import type { Prometheus } from '@alt-las/telemetry'
import type { Suite } from '../api/check-api.ts'
import { no, yes, type Check, type CheckFinding, type CheckRunner } from '../check.ts'
import type { Bottleneck } from '../load/bottleneck/name-bottleneck.ts'
import { startWatch } from '../load/bottleneck/start-watch.ts'
import { loadTargets } from '../load/requests.ts'
import { findWorkloads, type Selection } from '../workloads.ts'
import { planReplicas, type PlannedWorkload } from './plan-replicas.ts'
import { runTrials, type MeasuredTrial, type Search, type TrialPlan, type TrialPorts } from './run-trials.ts'

export interface CapacityPlan extends TrialPlan {
  readonly selection: Selection
  /** The workloads whose metrics name the bottleneck; null where no source of metrics is known. */
  readonly watched: Selection | null
  /** What the system must bear; null = whatever it bears is fine. */
  readonly targetRate: number | null
  readonly headroom: number
}

export interface CapacityPorts extends TrialPorts {
  readonly cluster: () => Cluster
  readonly nodes: () => NodeProxy
  readonly metrics: () => Prometheus
  readonly checks: CheckRunner
}

export interface Capacity {
  /** Requests per second, the highest that held; 0 where none did. */
  readonly maxRate: number
  /** What stands above it: the system, the bound of the search, or what this runner can send. */
  readonly end: Search['found']['end']
  readonly targetRate: number | null
  readonly headroom: number
  readonly trials: readonly MeasuredTrial[]
  readonly workloads: readonly PlannedWorkload[]
  readonly bottleneck: Bottleneck | null
}

export interface CapacityRun {
  readonly checks: readonly Check[]
  /** null where it could not be found. */
  readonly result: Capacity | null
}

/** Finds the highest rate within the thresholds, what stands in the way of more, and how many replicas the target needs. */
export async function checkCapacity(
  plan: CapacityPlan,
  { tests, variables }: Suite,
  ports: CapacityPorts,
): Promise<CapacityRun> {
  const { checks } = ports
  const { selection, targetRate, headroom } = plan
  const found = await checks.need('capacity', 'workloads', () => findWorkloads(selection, ports.cluster()))
  if (found.kind === 'failed') return { checks: [found.check], result: null }
  const watch = await startWatch('capacity', plan.watched, ports)
  // Of the last rate that was too much: the search ends just above the limit.
  let last: Awaited<ReturnType<typeof watch.find>> = { checks: [], bottleneck: null }
  const after = async (trial: MeasuredTrial) => {
    last = await watch.find(trial.load.durationMs)
  }
  const run = await checks.learn('capacity', 'highest rate', async () => {
    const search = await runTrials(plan, loadTargets(tests, variables), {
      ...ports,
      before: watch.begin,
      after,
    })
    const { trials, found: end } = search
    const maxRate = end.rate ?? 0
    const scale = { maxRate, targetRate, headroom }
    const workloads = maxRate === 0 ? [] : planReplicas(found.value.flatMap(scaled), scale)
    const value = {
      maxRate,
      end: end.end,
      targetRate,
      headroom,
      trials,
      workloads,
      bottleneck: last.bottleneck,
    }
    return { ...judge(value), value }
  })
  const result = run.kind === 'done' ? run.value : null
  return { checks: [...watch.checks, ...last.checks, run.check], result }
}

/** A DaemonSet has as many pods as there are nodes: a rate does not change that. */
function scaled({ metadata, spec }: Workload) {
  const isDaemon = !('replicas' in spec)
  return isDaemon ? [] : [{ name: metadata.name, replicas: spec.replicas ?? 1 }]
}

const ends = {
  system: 'more is too much',
  bound: 'no higher rate was tried',
  runner: 'this runner cannot send more',
} as const

/** Refused where the system does not bear the target, or nothing at all. */
export function judge({
  maxRate,
  end,
  trials,
  targetRate,
  headroom,
  workloads,
  bottleneck,
}: Capacity): CheckFinding {
  const over = trials.findLast(({ outcome }) => outcome === 'exceeded')
  const why = end === 'system' && over !== undefined ? `: at ${over.rate} ${over.because}` : ''
  const where = bottleneck === null ? '' : `; ${bottleneck.because}`
  if (maxRate === 0) return no(`not even ${trials.at(-1)?.rate ?? 0} requests per second hold${why}${where}`)
  const most = `${maxRate} requests per second hold, ${ends[end]}${why}${where}`
  if (targetRate === null || maxRate >= targetRate) return yes(most)
  const needed = workloads
    .map(({ name, replicasForTarget }) => `${name} ${replicasForTarget ?? ''}`)
    .join(', ')
  const headroomText = `${Math.round(headroom * 100)}% headroom`
  return no(`${most}; the target is ${targetRate}: with ${headroomText} it needs the replicas ${needed}`)
}

import type { ClusterReader, Deployment } from '@alt-las/kubernetes'
import { type Plan, workloadAt } from '../model/plan.ts'
import { observeAutoscaler } from '../observe/observe-autoscaler.ts'

/** The live replicas if an autoscaler sets them or the manifest has none; undefined = those of the manifest. */
export async function keptReplicas(plan: Plan, cluster: ClusterReader): Promise<number | undefined> {
  if (plan.workload === 'DaemonSet') return undefined
  const scaled = (await observeAutoscaler(plan, cluster)) !== null
  if (plan.desired.spec.replicas !== undefined && !scaled) return undefined
  return (await cluster.get<Deployment>(workloadAt(plan)))?.spec.replicas
}

/** The old workload, with the replicas that an autoscaler has set meanwhile. */
export async function atLiveSize(
  before: Deployment,
  plan: Plan,
  cluster: ClusterReader,
): Promise<Deployment> {
  if (plan.workload === 'DaemonSet' || (await observeAutoscaler(plan, cluster)) === null) return before
  const replicas = (await cluster.get<Deployment>(workloadAt(plan)))?.spec.replicas
  return replicas === undefined ? before : { ...before, spec: { ...before.spec, replicas } }
}

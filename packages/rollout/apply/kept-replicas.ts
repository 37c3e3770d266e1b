import type { Cluster, Deployment } from '@alt-las/kubernetes'
import { type Plan, workloadAt } from '../model/plan.ts'
import { observeAutoscaler } from '../observe/observe-autoscaler.ts'

type Reads = Pick<Cluster, 'get' | 'list'>

/** The replicas that are there now, where an autoscaler sets them or the manifest says nothing; undefined: as the manifest says. */
export async function keptReplicas(plan: Plan, cluster: Reads): Promise<number | undefined> {
  if (plan.workload === 'DaemonSet') return undefined
  const scaled = (await observeAutoscaler(plan, cluster)) !== null
  if (plan.desired.spec.replicas !== undefined && !scaled) return undefined
  return (await cluster.get<Deployment>(workloadAt(plan)))?.spec.replicas
}

/** The workload of before, with as many replicas as an autoscaler has given it meanwhile. */
export async function atLiveSize(before: Deployment, plan: Plan, cluster: Reads): Promise<Deployment> {
  if (plan.workload === 'DaemonSet' || (await observeAutoscaler(plan, cluster)) === null) return before
  const replicas = (await cluster.get<Deployment>(workloadAt(plan)))?.spec.replicas
  return replicas === undefined ? before : { ...before, spec: { ...before.spec, replicas } }
}

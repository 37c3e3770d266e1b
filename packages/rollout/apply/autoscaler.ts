import { type Cluster, type JsonPatch, compareAndSwap } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'
import type { Autoscaler, Baseline } from '../model/rollout.ts'
import { autoscalers, observeAutoscaler } from '../observe/observe-autoscaler.ts'

/** Keeps exactly this number of replicas if the bounds are still those of `before`; other bounds are observed again first. */
export function holdAutoscaler(
  plan: Plan,
  { autoscaler }: Baseline,
  replicas: number,
  cluster: AutoscalerCluster,
): Promise<void> {
  return rebind(plan, { from: autoscaler, to: { min: replicas, max: replicas } }, cluster)
}

/** Restores the original bounds if it is still held; bounds that others have set meanwhile stay. */
export function restoreAutoscaler(
  plan: Plan,
  { autoscaler, replicas }: Baseline,
  cluster: AutoscalerCluster,
): Promise<void> {
  if (autoscaler === null) return Promise.resolve()
  const held = { name: autoscaler.name, min: replicas, max: replicas }
  return rebind(plan, { from: held, to: autoscaler }, cluster)
}

type AutoscalerCluster = Pick<Cluster, 'list' | 'patch'>

interface Bounds {
  readonly min: number
  readonly max: number
}

async function rebind(
  plan: Plan,
  { from, to }: { readonly from: Autoscaler | null; readonly to: Bounds },
  cluster: AutoscalerCluster,
): Promise<void> {
  const found = await observeAutoscaler(plan, cluster)
  if (found === null || found.name !== from?.name || found.min !== from.min || found.max !== from.max) return
  const operations: JsonPatch[] = [
    { op: 'test', path: '/spec/maxReplicas', value: from.max },
    { op: 'add', path: '/spec/minReplicas', value: to.min },
    { op: 'replace', path: '/spec/maxReplicas', value: to.max },
  ]
  await compareAndSwap({ ...autoscalers(plan), name: found.name }, operations, cluster)
}

import type { At, Cluster, HorizontalPodAutoscaler, JsonPatch } from '@alt-las/kubernetes'
import type { AutoscalerSight } from '../observe/sight.ts'
import type { Plan } from '../plan/plan.ts'
import type { Autoscaler, Before } from '../state/rollout.ts'
import { swap } from '../state/swap.ts'

/** The autoscaler of the plan's workload; null where there is none. */
export async function observeAutoscaler(
  plan: Plan,
  cluster: Pick<Cluster, 'list'>,
): Promise<AutoscalerSight | null> {
  const all = await cluster.list<HorizontalPodAutoscaler>(autoscalers(plan))
  const own = all.find(
    ({ spec }) => spec.scaleTargetRef.kind === plan.workload && spec.scaleTargetRef.name === plan.deployment,
  )
  return own === undefined
    ? null
    : { name: own.metadata.name, min: own.spec.minReplicas ?? 1, max: own.spec.maxReplicas }
}

/** Keeps exactly so many replicas, where the bounds are still those of `before`; other bounds are looked at again first. */
export function holdAutoscaler(
  plan: Plan,
  { autoscaler }: Before,
  replicas: number,
  cluster: Writes,
): Promise<void> {
  return rebind(plan, { from: autoscaler, to: { min: replicas, max: replicas } }, cluster)
}

/** Gives back what was there before, where it is still held; bounds that somebody else has set meanwhile stay. */
export function restoreAutoscaler(
  plan: Plan,
  { autoscaler, replicas }: Before,
  cluster: Writes,
): Promise<void> {
  if (autoscaler === null) return Promise.resolve()
  const held = { name: autoscaler.name, min: replicas, max: replicas }
  return rebind(plan, { from: held, to: autoscaler }, cluster)
}

type Writes = Pick<Cluster, 'list' | 'patch'>

interface Bounds {
  readonly min: number
  readonly max: number
}

async function rebind(
  plan: Plan,
  { from, to }: { readonly from: Autoscaler | null; readonly to: Bounds },
  cluster: Writes,
): Promise<void> {
  const found = await observeAutoscaler(plan, cluster)
  if (found === null || found.name !== from?.name || found.min !== from.min || found.max !== from.max) return
  const operations: JsonPatch[] = [
    { op: 'test', path: '/spec/maxReplicas', value: from.max },
    { op: 'add', path: '/spec/minReplicas', value: to.min },
    { op: 'replace', path: '/spec/maxReplicas', value: to.max },
  ]
  await swap({ ...autoscalers(plan), name: found.name }, operations, cluster)
}

const autoscalers = ({ namespace }: Plan): At => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  namespace,
})

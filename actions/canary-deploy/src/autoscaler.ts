import type { At, Cluster, HorizontalPodAutoscaler, JsonPatch } from '@alt-las/kubernetes'
import type { Plan } from './plan.ts'
import type { AutoscalerSight } from './sight.ts'
import { swap } from './swap.ts'

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

/** Sets both bounds under a test of what they were: a change by somebody else meanwhile is not overwritten. */
export async function bindAutoscaler(
  plan: Plan,
  bounds: { readonly min: number; readonly max: number },
  cluster: Pick<Cluster, 'list' | 'patch'>,
): Promise<void> {
  const found = await observeAutoscaler(plan, cluster)
  if (found === null || (found.min === bounds.min && found.max === bounds.max)) return
  const operations: JsonPatch[] = [
    { op: 'test', path: '/spec/maxReplicas', value: found.max },
    { op: 'add', path: '/spec/minReplicas', value: bounds.min },
    { op: 'replace', path: '/spec/maxReplicas', value: bounds.max },
  ]
  await swap({ ...autoscalers(plan), name: found.name }, operations, cluster)
}

const autoscalers = ({ namespace }: Plan): At => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  namespace,
})

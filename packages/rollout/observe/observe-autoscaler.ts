import type { At, Cluster, HorizontalPodAutoscaler } from '@alt-las/kubernetes'
import type { ObservedAutoscaler } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'

export const autoscalers = ({ namespace }: Plan): At => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  namespace,
})

/** The autoscaler of the plan's workload; null where there is none. */
export async function observeAutoscaler(
  plan: Plan,
  cluster: Pick<Cluster, 'list'>,
): Promise<ObservedAutoscaler | null> {
  const all = await cluster.list<HorizontalPodAutoscaler>(autoscalers(plan))
  const own = all.find(
    ({ spec }) => spec.scaleTargetRef.kind === plan.workload && spec.scaleTargetRef.name === plan.deployment,
  )
  return own === undefined
    ? null
    : { name: own.metadata.name, min: own.spec.minReplicas ?? 1, max: own.spec.maxReplicas }
}

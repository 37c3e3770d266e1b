import { smokePod } from '../apply/smoke-pod.ts'
import { hasSmokePod, smokePodName } from '../observe/observe-smoke-pod.ts'
import { nameFor } from '../observe/observe-job.ts'
import type { Cluster, Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { replicasFor } from '@alt-las/routers'
import { canaryDeployment } from '../apply/canary-objects.ts'
import { canaryService } from '../apply/canary-service.ts'
import { keptReplicas } from '../apply/kept-replicas.ts'
import { jobOf } from '../apply/pre-deploy-job.ts'
import type { Plan } from '../model/plan.ts'
import { strategyOf } from '../strategies/strategies.ts'
import { selectorOf } from './selectors.ts'

/** The workload with its replicas in the run. */
export async function wantedWorkload(
  plan: Plan,
  cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<Deployment> {
  const replicas = await keptReplicas(plan, cluster)
  const { desired } = plan
  return replicas === undefined ? desired : { ...desired, spec: { ...desired.spec, replicas } }
}

interface Live {
  readonly replicas: number
  /** After the manifests. */
  readonly service: Service | null
  /** All of the namespace, after the manifests. */
  readonly services: readonly Service[]
}

/** The rollout's own objects beside the manifests: the second version, its Service, the pre-deploy Job. `service`: after the manifests. */
export function ownObjects(plan: Plan, { replicas, service, services }: Live): readonly KubeObject[] {
  const { preDeployJob } = plan
  const beside = strategyOf(plan).hasSecondVersion && replicas > 0
  return [
    ...(preDeployJob === null ? [] : [jobOf(preDeployJob, nameFor(preDeployJob, { id: 'dry-run' }), plan)]),
    ...(hasSmokePod(plan) && replicas > 0
      ? [smokePod(plan, smokePodName({ id: 'dry-run', plan }), services)]
      : []),
    ...(beside ? [canaryDeployment(plan, replicasFor(plan, 100, replicas))] : []),
    ...(beside && service !== null && selectorOf(service) !== null
      ? [canaryService(plan, service, null)]
      : []),
  ]
}

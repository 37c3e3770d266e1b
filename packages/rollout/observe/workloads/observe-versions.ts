// Which versions of the workload run, and why their pods are not ready.
import type { At, Deployment, Pod, ReplicaSet, Service, WorkloadReader } from '@alt-las/kubernetes'
import { podSelector } from '@alt-las/workload-health'
import { canaryName, podHash, readyEndpoints } from '@alt-las/routers'
import { trackLabel } from '../../model/names.ts'
import type { ObservedService, ObservedWorkload, ClusterObservation } from '../../model/observation.ts'
import { type Plan, workloadAt } from '../../model/plan.ts'
import { bare } from './bare.ts'
import { newestPods, observeDeployment } from './observe-deployment.ts'
import { withRestarts } from './observe-restarts.ts'
import { observeSet, stuckPodOf } from './observe-set.ts'
import { restartCounter } from './restarts.ts'
import { withShared } from './shared-cause.ts'
import { strategyOf } from '../../strategies/strategies.ts'

/** One observation of both versions and their Services. */
export type Versions = Pick<
  ClusterObservation,
  'stable' | 'live' | 'stuck' | 'canary' | 'canaryPods' | 'service' | 'canaryService'
>

/** `now` in ms since 1970: grace periods of causes count from times in the objects. `count` remembers earlier observations. */
export function observeVersions(
  plan: Plan,
  { now, count = restartCounter() }: Observing,
  cluster: WorkloadReader,
): Promise<Versions> {
  return !strategyOf(plan).hasSecondVersion
    ? observeOne(plan, now, cluster)
    : observeBoth(plan, { now, count }, cluster)
}

interface Observing {
  readonly now: number
  readonly count?: ReturnType<typeof restartCounter>
}

/** A rolling update has one workload only. */
async function observeOne(plan: Plan, now: number, cluster: WorkloadReader): Promise<Versions> {
  const [live, sets, pods, service] = await Promise.all([
    cluster.get<Deployment>(workloadAt(plan)),
    plan.workload === 'Deployment' ? cluster.list<ReplicaSet>(partsAt(plan, 'apps/v1', 'ReplicaSet')) : [],
    cluster.list<Pod>(partsAt(plan, 'v1', 'Pod')),
    plan.service === '' ? null : observeService(plan.service, plan.namespace, cluster),
  ])
  const look = async (): Promise<ObservedWorkload | null> => {
    if (live === null) return null
    return plan.workload === 'Deployment'
      ? observeDeployment(live, { plan, now, sets, pods }, cluster)
      : observeSet(live, { plan, now, pods }, cluster)
  }
  return {
    stable: await look(),
    live: bare(live),
    stuck: live === null ? null : stuckPodOf(live, pods, now),
    canary: null,
    canaryPods: 0,
    service,
    canaryService: null,
  }
}

async function observeBoth(
  plan: Plan,
  { now, count }: Required<Observing>,
  cluster: WorkloadReader,
): Promise<Versions> {
  const { namespace } = plan
  const deployments = { apiVersion: 'apps/v1', kind: 'Deployment', namespace }
  const [stable, canary, sets, pods, service, canaryService] = await Promise.all([
    cluster.get<Deployment>({ ...deployments, name: plan.deployment }),
    cluster.get<Deployment>({ ...deployments, name: canaryName(plan.deployment) }),
    cluster.list<ReplicaSet>(partsAt(plan, 'apps/v1', 'ReplicaSet')),
    cluster.list<Pod>(partsAt(plan, 'v1', 'Pod')),
    observeService(plan.service, namespace, cluster),
    observeService(plan.canaryService, namespace, cluster),
  ])
  const ours = pods.filter((pod) => pod.metadata.labels?.[trackLabel] === 'canary')
  const theirs = pods.filter((pod) => pod.metadata.labels?.[trackLabel] !== 'canary')
  const look = (deployment: Deployment | null, own: readonly Pod[]) =>
    deployment === null ? null : observeDeployment(deployment, { plan, now, sets, pods: own }, cluster)
  const [stableSight, canarySight] = await Promise.all([look(stable, theirs), look(canary, ours)])
  const podsOf = (one: Deployment | null) => (one === null ? [] : newestPods(one, { sets, pods }))
  const both = { plan, now, count, canaryPods: podsOf(canary), stablePods: podsOf(stable) }
  return {
    stable: stableSight,
    live: bare(stable),
    stuck: null,
    canary: withShared(await withRestarts(canarySight, both, cluster), stableSight),
    canaryPods: ours.length,
    service,
    canaryService,
  }
}

const partsAt = (plan: Plan, apiVersion: string, kind: string): At => ({
  apiVersion,
  kind,
  namespace: plan.namespace,
  labelSelector: podSelector(plan.desired).labelSelector ?? '',
})

async function observeService(
  name: string,
  namespace: string,
  cluster: WorkloadReader,
): Promise<ObservedService | null> {
  const [service, ready] = await Promise.all([
    cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name }),
    readyEndpoints({ namespace, service: name }, cluster),
  ])
  if (service === null) return null
  return {
    pin: service.spec.selector?.[podHash] ?? null,
    endpoints: ready.size,
  }
}

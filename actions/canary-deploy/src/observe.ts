import {
  selectorOf,
  whyNot,
  type At,
  type Cluster,
  type Deployment,
  type EndpointSlice,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type Service,
} from '@alt-las/kubernetes'
import { canaryName, podHash, trackLabel, versionAnnotation } from './names.ts'
import type { Plan } from './plan.ts'
import type { ServiceSight, WorkloadSight } from './sight.ts'

/** One look at both versions and their Services. */
export interface Versions {
  readonly stable: WorkloadSight | null
  readonly live: Deployment | null
  readonly canary: WorkloadSight | null
  readonly canaryPods: number
  readonly service: ServiceSight | null
  readonly canaryService: ServiceSight | null
}

type Reads = Pick<Cluster, 'get' | 'list' | 'log'>

/** `now` in ms since 1970: grace periods of causes count from what the objects say. */
export async function observeVersions(plan: Plan, now: number, cluster: Reads): Promise<Versions> {
  const { namespace } = plan
  const { labelSelector = '' } = selectorOf(plan.desired)
  const deployments = { apiVersion: 'apps/v1', kind: 'Deployment', namespace }
  const [stable, canary, sets, pods, service, canaryService] = await Promise.all([
    cluster.get<Deployment>({ ...deployments, name: plan.deployment }),
    cluster.get<Deployment>({ ...deployments, name: canaryName(plan.deployment) }),
    cluster.list<ReplicaSet>({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, labelSelector }),
    cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }),
    observeService(plan.service, namespace, cluster),
    observeService(plan.canaryService, namespace, cluster),
  ])
  const ours = pods.filter((pod) => pod.metadata.labels?.[trackLabel] === 'canary')
  const theirs = pods.filter((pod) => pod.metadata.labels?.[trackLabel] !== 'canary')
  const look = (deployment: Deployment | null, own: readonly Pod[]) =>
    deployment === null ? null : observeWorkload(deployment, { plan, now, sets, pods: own }, cluster)
  const [stableSight, canarySight] = await Promise.all([look(stable, theirs), look(canary, ours)])
  return {
    stable: stableSight,
    live: bare(stable),
    canary: canarySight,
    canaryPods: ours.length,
    service,
    canaryService,
  }
}

/** As it could be applied again. */
function bare(deployment: Deployment | null): Deployment | null {
  if (deployment === null) return null
  const { apiVersion, kind, metadata, spec } = deployment
  const { name, namespace, labels, annotations } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec,
  }
}

interface Parts {
  readonly plan: Plan
  readonly now: number
  readonly sets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
}

async function observeWorkload(
  deployment: Deployment,
  { plan, now, sets, pods }: Parts,
  cluster: Reads,
): Promise<WorkloadSight> {
  const own = sets
    .filter((set) => set.metadata.ownerReferences?.some((owner) => owner.uid === deployment.metadata.uid))
    .sort((a, b) => revision(b) - revision(a))
  const newest = own[0]
  const hashes = own.map((set) => set.metadata.labels?.[podHash] ?? '')
  const ready = (hash: string) =>
    pods.filter((pod) => pod.metadata.labels?.[podHash] === hash && isReady(pod)).length
  const serving = hashes.reduce<string | null>(
    (best, hash) => (best === null || ready(hash) > ready(best) ? hash : best),
    null,
  )
  const settled =
    isSettled(deployment) && own.length > 0 && pods.every((pod) => isOf(pod, newest) || isEnding(pod))
  const container = deployment.spec.template.spec.containers.find((one) => one.name === plan.container)
  const newPods = pods.filter((pod) => isOf(pod, newest))
  return {
    uid: deployment.metadata.uid ?? '',
    image: container?.image ?? '',
    replicas: deployment.spec.replicas ?? 1,
    version: deployment.metadata.annotations?.[versionAnnotation] ?? null,
    hash: serving,
    ready: serving === null ? 0 : ready(serving),
    settled,
    standing: settled
      ? { kind: 'ready' }
      : await whyNot(deployment, newPods, { now, newest: newest ?? null }, cluster),
  }
}

async function observeService(name: string, namespace: string, cluster: Reads): Promise<ServiceSight | null> {
  const slices: At = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  }
  const [service, found] = await Promise.all([
    cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name }),
    cluster.list<EndpointSlice>(slices),
  ])
  if (service === null) return null
  const ready = found.flatMap((slice) =>
    (slice.endpoints ?? []).filter((one) => one.conditions?.ready !== false),
  )
  return {
    pin: service.spec.selector?.[podHash] ?? null,
    endpoints: new Set(ready.flatMap((one) => one.addresses)).size,
  }
}

/** The controller has seen the newest spec, and every replica is of it and available. */
function isSettled({ metadata, spec, status }: Deployment): boolean {
  const replicas = spec.replicas ?? 1
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  )
}

function isReady(pod: Pod): boolean {
  return (
    !isEnding(pod) &&
    pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true
  )
}

const isEnding = ({ metadata }: KubeObject) => metadata.deletionTimestamp !== undefined

const isOf = (pod: Pod, set: ReplicaSet | undefined) =>
  set !== undefined && pod.metadata.ownerReferences?.some((owner) => owner.uid === set.metadata.uid) === true

const revision = (set: ReplicaSet) =>
  Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)

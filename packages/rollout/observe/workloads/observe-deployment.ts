import type { Cluster, Deployment, Pod, ReplicaSet } from '@alt-las/kubernetes'
import { readiness, explainUnready } from '@alt-las/workload-health'
import { podHash } from '@alt-las/routers'
import { versionAnnotation } from '../../model/names.ts'
import type { ObservedWorkload } from '../../model/observation.ts'
import type { Plan } from '../../model/plan.ts'
import { isEnding, isReady } from './pod-facts.ts'

export interface DeploymentParts {
  readonly plan: Plan
  /** ms since 1970 */
  readonly now: number
  readonly sets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
}

/** A Deployment with its ReplicaSets and pods. */
export async function observeDeployment(
  deployment: Deployment,
  { plan, now, sets, pods }: DeploymentParts,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<ObservedWorkload> {
  const own = setsOf(deployment, sets)
  const newest = own[0]
  // Others may have pods with the same labels.
  const mine = pods.filter((pod) => own.some((set) => isOf(pod, set)))
  const hashes = own.map((set) => set.metadata.labels?.[podHash] ?? '')
  const ready = (hash: string) =>
    mine.filter((pod) => pod.metadata.labels?.[podHash] === hash && isReady(pod)).length
  const serving = hashes.reduce<string | null>(
    (best, hash) => (best === null || ready(hash) > ready(best) ? hash : best),
    null,
  )
  const settled =
    isSettled(deployment) && own.length > 0 && mine.every((pod) => isOf(pod, newest) || isEnding(pod))
  const container = deployment.spec.template.spec.containers.find((one) => one.name === plan.container)
  const newPods = mine.filter((pod) => isOf(pod, newest))
  const facts = { now, newest: newest ?? null }
  return {
    uid: deployment.metadata.uid ?? '',
    image: container?.image ?? '',
    replicas: deployment.spec.replicas ?? 1,
    version: deployment.metadata.annotations?.[versionAnnotation] ?? null,
    hash: serving,
    newestHash: newest?.metadata.labels?.[podHash] ?? null,
    ready: serving === null ? 0 : ready(serving),
    settled,
    // By counts alone a pod between two crashes would be ready.
    readiness:
      settled && readiness(deployment, newPods, [], facts).kind === 'ready'
        ? { kind: 'ready' }
        : !isSeen(deployment, newest)
          ? { kind: 'waiting', because: 'the controller has not observed the newest template yet' }
          : await explainUnready(deployment, newPods, facts, cluster),
  }
}

/** Newest first. */
const setsOf = ({ metadata }: Deployment, sets: readonly ReplicaSet[]): readonly ReplicaSet[] =>
  sets
    .filter((set) => set.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid))
    .sort((a, b) => revision(b) - revision(a))

/** The pods of its newest template. */
export function newestPods(
  deployment: Deployment,
  { sets, pods }: Pick<DeploymentParts, 'sets' | 'pods'>,
): readonly Pod[] {
  const [newest] = setsOf(deployment, sets)
  return pods.filter((pod) => isOf(pod, newest))
}

/** The controller has observed the newest spec, and every replica is of it and available. */
function isSettled({ metadata, spec, status }: Deployment): boolean {
  const replicas = spec.replicas ?? 1
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  )
}

/** Until then the newest ReplicaSet is that of the previous template, with other faults. */
function isSeen({ metadata, status }: Deployment, newest: ReplicaSet | undefined): boolean {
  const recorded = metadata.annotations?.[revisionAnnotation]
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (recorded === undefined || newest === undefined || Number(recorded) === revision(newest))
  )
}

const isOf = (pod: Pod, set: ReplicaSet | undefined) =>
  set !== undefined && pod.metadata.ownerReferences?.some((owner) => owner.uid === set.metadata.uid) === true

const revisionAnnotation = 'deployment.kubernetes.io/revision'

const revision = (set: ReplicaSet) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0)

import type { Cluster, DaemonSet, Pod, StatefulSet } from '@alt-las/kubernetes'
import { readiness, explainUnready } from '@alt-las/workload-health'
import { versionAnnotation } from '../../model/names.ts'
import type { StuckPod, ObservedWorkload } from '../../model/observation.ts'
import type { Plan } from '../../model/plan.ts'
import { isEnding, isReady, unreadySince } from './pod-facts.ts'

type Set = StatefulSet | DaemonSet

/** A StatefulSet or DaemonSet with its own pods. */
export interface SetParts {
  readonly plan: Plan
  /** ms since 1970 */
  readonly now: number
  readonly pods: readonly Pod[]
}

export async function observeSet(
  set: Set,
  { plan, now, pods }: SetParts,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<ObservedWorkload> {
  const own = ownPods(set, pods)
  const isNew = newPodsOf(set, own)
  const replicas = replicasOf(set)
  const serving = mostReady(own, isNew)
  const settled = isSettled(set, replicas) && own.every((pod) => isNew(pod) || isEnding(pod))
  const container = set.spec.template.spec.containers.find((one) => one.name === plan.container)
  return {
    uid: set.metadata.uid ?? '',
    image: container?.image ?? '',
    replicas,
    version: set.metadata.annotations?.[versionAnnotation] ?? null,
    hash: serving,
    newestHash: own.filter(isNew).map(revisionOf)[0] ?? null,
    ready: own.filter((pod) => revisionOf(pod) === serving && isReady(pod)).length,
    settled,
    // By counts alone a pod between two crashes would be ready.
    readiness:
      settled && readiness(set, own.filter(isNew), [], { now }).kind === 'ready'
        ? { kind: 'ready' }
        : !isSeen(set)
          ? { kind: 'waiting', because: 'the controller has not observed the newest template yet' }
          : await explainUnready(set, own.filter(isNew), { now }, cluster),
  }
}

/**
 * A pod of an older template that is not ready and so blocks its StatefulSet: with `OrderedReady` the controller waits for it
 * for ever, even if the newer template fixes it.
 */
export function stuckPodOf(set: Set, pods: readonly Pod[], now: number): StuckPod | null {
  if (set.kind !== 'StatefulSet' || (set as StatefulSet).spec.podManagementPolicy === 'Parallel') return null
  if (!isSeen(set)) return null
  const own = ownPods(set, pods)
  const isNew = newPodsOf(set, own)
  const found = own.find((pod) => !isNew(pod) && !isEnding(pod) && !isReady(pod))
  if (found === undefined) return null
  const { name, uid = '' } = found.metadata
  return { name, uid, unreadyMs: Math.max(0, now - (unreadySince(found) ?? now)) }
}

const ownPods = (set: Set, pods: readonly Pod[]) =>
  pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) === true)

/** Finds the pods of the newest template. A StatefulSet names its revision; a DaemonSet numbers its templates, and may give an old revision a new number. */
function newPodsOf(set: Set, own: readonly Pod[]): (pod: Pod) => boolean {
  if (set.kind === 'StatefulSet') {
    const revision = (set as StatefulSet).status?.updateRevision
    return (pod) => revision === undefined || revisionOf(pod) === revision
  }
  const generation = set.metadata.annotations?.['deprecated.daemonset.template.generation']
  if (generation === undefined) return isOfLatest(own)
  const isOf = (pod: Pod) => pod.metadata.labels?.['pod-template-generation'] === generation
  const revisions = new Set(own.filter(isOf).map(revisionOf))
  return (pod) => isOf(pod) || revisions.has(revisionOf(pod))
}

/** By the newest pod. */
function isOfLatest(own: readonly Pod[]): (pod: Pod) => boolean {
  const born = ({ metadata }: Pod) => metadata.creationTimestamp ?? ''
  const [last] = own.filter((pod) => !isEnding(pod)).sort((a, b) => (born(a) < born(b) ? 1 : -1))
  return (pod) => last === undefined || revisionOf(pod) === revisionOf(last)
}

/** The revision with the most ready pods, the newest where equal; null without pods. */
function mostReady(own: readonly Pod[], isNew: (pod: Pod) => boolean): string | null {
  const ready = (revision: string) => own.filter((pod) => revisionOf(pod) === revision && isReady(pod)).length
  const newestFirst = [...own].sort((a, b) => Number(isNew(b)) - Number(isNew(a))).map(revisionOf)
  return newestFirst.reduce<string | null>(
    (best, one) => (best === null || ready(one) > ready(best) ? one : best),
    null,
  )
}

function replicasOf(set: Set): number {
  if (set.kind === 'DaemonSet') return (set as DaemonSet).status?.desiredNumberScheduled ?? 0
  return (set as StatefulSet).spec.replicas ?? 1
}

/** The controller has observed the newest spec, and every desired pod is of it and available. */
function isSettled(set: Set, replicas: number): boolean {
  if (!isSeen(set)) return false
  if (set.kind === 'DaemonSet') {
    const { status } = set as DaemonSet
    // Without a status the controller has not counted the nodes yet.
    return (
      status?.desiredNumberScheduled !== undefined &&
      (status.updatedNumberScheduled ?? 0) >= replicas &&
      (status.numberAvailable ?? 0) >= replicas
    )
  }
  const { status } = set as StatefulSet
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  )
}

const isSeen = ({ metadata, status }: Set) =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) && status?.observedGeneration !== undefined

const revisionOf = ({ metadata }: Pod): string => metadata.labels?.['controller-revision-hash'] ?? ''

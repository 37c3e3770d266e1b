import { containerCause } from './container-cause.ts'
import type { Cause } from './cause.ts'
import { podCause } from './pod-cause.ts'
import type { KubeObject } from './objects.ts'
import type { Pod } from './pods.ts'
import type { Event } from './records.ts'
import { creationCause } from './creation-cause.ts'
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet, Workload } from './workloads.ts'

/** Where a workload stands, with the reason in a sentence. */
export type Standing =
  | { readonly kind: 'ready'; readonly because: string }
  /** It may become ready by itself; `cause` where something other than time is in the way. */
  | { readonly kind: 'waiting'; readonly because: string; readonly cause?: Cause }
  /** It will not become ready, or has not within the grace that its cause has. */
  | { readonly kind: 'failed'; readonly because: string; readonly cause: Cause }

export interface Facts {
  /** Wall time in ms: grace periods count from what the objects say. */
  readonly now: number
  /** The newest ReplicaSet of a Deployment: its conditions tell why pods cannot be made, and only its pods are judged. */
  readonly newest?: ReplicaSet | null
}

/** Pure: objects in, a value out. `pods` are the workload's, of any template; `events` those of its pods and of itself. */
export function standing(
  workload: Workload,
  pods: readonly Pod[],
  events: readonly Event[],
  facts: Facts,
): Standing {
  const { wanted, ready, current } = counts(workload)
  if (current && ready >= wanted) {
    return { kind: 'ready', because: `${String(ready)} of ${String(wanted)} pods are ready` }
  }
  const causes = [
    ...creationCauses(workload, events, facts),
    ...own(workload, pods, facts).flatMap((pod) => causesOf(pod, events, facts)),
  ]
  const worst = causes.find((cause) => isOver(cause, facts.now)) ?? causes[0]
  if (worst === undefined)
    return withoutCause(workload, `${String(ready)} of ${String(wanted)} pods are ready`)
  const because = sentence(worst, causes, workload)
  return { kind: isOver(worst, facts.now) ? 'failed' : 'waiting', because, cause: worst }
}

function causesOf(pod: Pod, events: readonly Event[], facts: Facts): readonly Cause[] {
  const about = events.filter(({ involvedObject }) => involvedObject.uid === pod.metadata.uid)
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []).map((status) => ({ status, init: true })),
    ...(pod.status?.containerStatuses ?? []).map((status) => ({ status, init: false })),
  ]
  const inside = statuses.flatMap(
    ({ status, init }) => containerCause(pod, status, { init, events: about, now: facts.now }) ?? [],
  )
  if (inside.length > 0) return inside
  const outside = podCause(pod, about)
  return outside === null ? [] : [outside]
}

function creationCauses(workload: Workload, events: readonly Event[], { newest }: Facts): readonly Cause[] {
  const conditions = [...(newest?.status?.conditions ?? []), ...(workload.status?.conditions ?? [])]
  const cause = creationCause(
    conditions,
    events.filter(({ involvedObject }) => involvedObject.uid === workload.metadata.uid),
  )
  return cause === null ? [] : [cause]
}

/** The pods of the newest template that are not on their way out. */
function own(workload: Workload, pods: readonly Pod[], { newest }: Facts): readonly Pod[] {
  const { updateRevision } = (workload as StatefulSet).status ?? {}
  return pods.filter((pod) => {
    if (pod.metadata.deletionTimestamp !== undefined) return false
    if (newest !== undefined && newest !== null) return isOwnedBy(pod, newest)
    const revision = pod.metadata.labels?.['controller-revision-hash']
    return updateRevision === undefined || revision === undefined || revision === updateRevision
  })
}

const isOwnedBy = (pod: Pod, owner: KubeObject): boolean =>
  pod.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true

function isOver({ graceMs, since }: Cause, now: number): boolean {
  if (graceMs === null || graceMs === 0 || since === null) return graceMs !== null
  return now - since >= graceMs
}

function withoutCause(workload: Workload, because: string): Standing {
  const progress = workload.status?.conditions?.find(({ type }) => type === 'Progressing')
  if (progress?.reason !== 'ProgressDeadlineExceeded') return { kind: 'waiting', because }
  const cause: Cause = {
    kind: 'deadline',
    because: progress.message ?? because,
    heals: false,
    graceMs: 0,
    since: null,
  }
  return { kind: 'failed', because: `${because} after the Deployment's progress deadline`, cause }
}

function sentence(worst: Cause, causes: readonly Cause[], workload: Workload): string {
  const same = causes.filter(({ kind }) => kind === worst.kind).length
  const others = same > 1 ? ` (and ${String(same - 1)} more pod${same > 2 ? 's' : ''})` : ''
  return `${workload.metadata.name}: ${worst.because}${others}`
}

/** `current`: the controller has seen the newest spec, and nothing of an older template is left. */
function counts(workload: Workload): {
  readonly wanted: number
  readonly ready: number
  readonly current: boolean
} {
  const seen = (workload.status?.observedGeneration ?? 0) >= (workload.metadata.generation ?? 0)
  if (workload.kind === 'DaemonSet') {
    const { status } = workload as DaemonSet
    const wanted = status?.desiredNumberScheduled ?? 0
    const updated = (status?.updatedNumberScheduled ?? 0) >= wanted
    return { wanted, ready: status?.numberAvailable ?? 0, current: seen && updated }
  }
  const { spec, status } = workload as Deployment | StatefulSet
  const wanted = spec.replicas ?? 1
  const updated = (status?.updatedReplicas ?? 0) >= wanted && (status?.replicas ?? 0) <= wanted
  return { wanted, ready: status?.availableReplicas ?? 0, current: seen && updated }
}

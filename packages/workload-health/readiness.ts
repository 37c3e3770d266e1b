import { budgetCause } from './causes/budget-cause.ts'
import type { Cause } from './causes/cause.ts'
import { creationCause } from './causes/creation-cause.ts'
import { causesOfPods } from './causes/pods-causes.ts'
import type {
  DaemonSet,
  Deployment,
  Event,
  KubeObject,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  StatefulSet,
  Workload,
} from '@alt-las/kubernetes'

/** The readiness of a workload, with a sentence. `causes` are all found causes, `cause` the decisive one. */
export type Readiness =
  | { readonly kind: 'ready'; readonly because: string; readonly causes?: readonly Cause[] }
  /** It may become ready by itself; `cause` if it needs more than time. */
  | {
      readonly kind: 'waiting'
      readonly because: string
      readonly cause?: Cause
      readonly causes?: readonly Cause[]
    }
  /** It will not become ready, or has not within the grace of its cause. */
  | {
      readonly kind: 'failed'
      readonly because: string
      readonly cause: Cause
      readonly causes?: readonly Cause[]
    }

export interface ReadinessFacts {
  /** Wall time in ms: grace periods count from times in the objects. */
  readonly now: number
  /** The newest ReplicaSet of a Deployment: its conditions say why pods cannot be created, and only its pods are judged. */
  readonly newest?: ReplicaSet | null
  /** The budgets that select its pods, if they were read. */
  readonly budgets?: readonly PodDisruptionBudget[]
}

/** Pure: objects in, a value out. `pods` are the workload's, of any template; `events` those of its pods and of itself, oldest first. */
export function readiness(
  workload: Workload,
  pods: readonly Pod[],
  events: readonly Event[],
  facts: ReadinessFacts,
): Readiness {
  const { wanted, ready, current } = counts(workload)
  const figures = `${ready} of ${wanted} pods are ready`
  if (current && ready >= wanted) {
    const restless = causesOfPods(own(workload, pods, facts).filter(isReady), events, facts.now)
    return restless.length === 0
      ? { kind: 'ready', because: figures }
      : ofCauses(restless, workload, facts.now, figures)
  }
  const causes = [
    ...creationCauses(workload, events, facts),
    ...causesOfPods(own(workload, pods, facts), events, facts.now),
  ]
  const found = [
    ...(causes.length > 0 ? causes : inTheWay(workload, pods, events, facts)),
    ...(facts.budgets ?? []).flatMap((budget) => budgetCause(budget) ?? []),
  ]
  return ofCauses(found, workload, facts.now, figures)
}

function ofCauses(causes: readonly Cause[], workload: Workload, now: number, figures: string): Readiness {
  const worst = worstOf(causes, now)
  if (worst === undefined) return withoutCause(workload, figures)
  const because = sentence(worst, causes, workload)
  return { kind: isOver(worst, now) ? 'failed' : 'waiting', because, cause: worst, causes }
}

/** The decisive cause: an expired grace before others, and a fault of the version before its surroundings. */
export function worstOf(causes: readonly Cause[], now: number): Cause | undefined {
  const rank = (cause: Cause) =>
    (isOver(cause, now) ? 0 : 2) + (cause.fault === 'version' ? 0 : cause.graceMs === null ? 1.5 : 1)
  return [...causes].sort((one, other) => rank(one) - rank(other))[0]
}

function creationCauses(
  workload: Workload,
  events: readonly Event[],
  { newest }: ReadinessFacts,
): readonly Cause[] {
  const conditions = [...(newest?.status?.conditions ?? []), ...(workload.status?.conditions ?? [])]
  const cause = creationCause(
    conditions,
    events.filter(({ involvedObject }) => involvedObject.uid === workload.metadata.uid),
  )
  return cause === null ? [] : [cause]
}

/** The pods of the newest template that are not terminating. */
function own(workload: Workload, pods: readonly Pod[], { newest }: ReadinessFacts): readonly Pod[] {
  const isNewest = newestOnly(workload, newest)
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isNewest(pod))
}

function newestOnly(workload: Workload, newest: ReadinessFacts['newest']): (pod: Pod) => boolean {
  if (newest !== undefined && newest !== null) return (pod) => isOwnedBy(pod, newest)
  const generation = workload.metadata.annotations?.['deprecated.daemonset.template.generation']
  const { updateRevision } = (workload as StatefulSet).status ?? {}
  return ({ metadata }) => {
    const made = metadata.labels?.['pod-template-generation']
    const revision = metadata.labels?.['controller-revision-hash']
    if (workload.kind === 'DaemonSet')
      return generation === undefined || made === undefined || made === generation
    return updateRevision === undefined || revision === undefined || revision === updateRevision
  }
}

/** A StatefulSet replaces its pods in order, a DaemonSet may replace none: an unhealthy pod of the earlier template blocks the update. */
function inTheWay(
  workload: Workload,
  pods: readonly Pod[],
  events: readonly Event[],
  facts: ReadinessFacts,
): readonly Cause[] {
  if (workload.kind === 'Deployment') return []
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  return causesOfPods(staying, events, facts.now).map((cause) => ({
    ...cause,
    because: `pod ${cause.pod ?? ''} of the earlier version blocks the update: ${cause.because}; delete it`,
    heals: true,
    graceMs: 60_000,
    fault: 'surroundings',
  }))
}

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true

const isOwnedBy = (pod: Pod, owner: KubeObject): boolean =>
  pod.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true

export function isOver({ graceMs, since }: Cause, now: number): boolean {
  if (graceMs === null || graceMs === 0 || since === null) return graceMs !== null
  return now - since >= graceMs
}

function withoutCause(workload: Workload, because: string): Readiness {
  const progress = workload.status?.conditions?.find(({ type }) => type === 'Progressing')
  if (progress?.reason !== 'ProgressDeadlineExceeded') return { kind: 'waiting', because }
  const cause: Cause = {
    kind: 'deadline',
    because: progress.message ?? because,
    heals: false,
    graceMs: 0,
    since: null,
    fault: 'version',
  }
  return {
    kind: 'failed',
    because: `${because} after the Deployment's progress deadline`,
    cause,
    causes: [cause],
  }
}

function sentence(worst: Cause, causes: readonly Cause[], workload: Workload): string {
  const same = causes.filter(({ kind }) => kind === worst.kind).length
  const others = same > 1 ? ` (and ${same - 1} more pod${same > 2 ? 's' : ''})` : ''
  return `${workload.metadata.name}: ${worst.because}${others}`
}

/** `current`: the controller has observed the newest spec, and no pod of an older template is left. */
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

import type { Condition, Deployment, ReplicaSet } from '@alt-las/kubernetes'
import { bounds } from './rolling.ts'
import { counted, textOf, type Round } from '../round/round.ts'

export interface SetsNow {
  readonly newest: ReplicaSet | undefined
  readonly all: readonly ReplicaSet[]
  /** The newest set was made in this round. */
  readonly made: boolean
}

interface Timed extends Condition {
  readonly lastUpdateTime?: string
}

type Status = NonNullable<Deployment['status']>

/** The numbers of the sets' own statuses, and the two conditions with their deadline. */
export function deploymentStatus(deployment: Deployment, sets: SetsNow, round: Round): Status {
  const sum = (of: (set: ReplicaSet) => number | undefined) =>
    sets.all.reduce((total, set) => total + (of(set) ?? 0), 0)
  const numbers = {
    replicas: sum(({ status }) => status?.replicas),
    updatedReplicas: sets.newest?.status?.replicas ?? 0,
    readyReplicas: sum(({ status }) => status?.readyReplicas),
    availableReplicas: sum(({ status }) => status?.availableReplicas),
  }
  const unavailableReplicas = Math.max(0, sum(({ spec }) => spec.replicas ?? 1) - numbers.availableReplicas)
  const observedGeneration = deployment.metadata.generation ?? 1
  const next = { observedGeneration, ...counted({ ...numbers, unavailableReplicas }) }
  const conditions = [available(deployment, next, round), ...progressing(deployment, { next, sets }, round)]
  return { ...next, conditions }
}

function available(deployment: Deployment, { availableReplicas = 0 }: Status, round: Round): Condition {
  const enough = availableReplicas >= (deployment.spec.replicas ?? 1) - bounds(deployment).unavailable
  const condition = enough
    ? { reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' }
  return since(deployment, { type: 'Available', status: enough ? 'True' : 'False', ...condition }, round)
}

interface Progress {
  readonly next: Status
  readonly sets: SetsNow
}

function progressing(deployment: Deployment, { next, sets }: Progress, round: Round): readonly Timed[] {
  const before = conditionOf(deployment, 'Progressing')
  const { progressDeadlineSeconds: limit = 600, paused = false } = deployment.spec
  const name = sets.newest?.metadata.name ?? ''
  const progress = (status: 'True' | 'False', reason: string, message: string): readonly Timed[] => {
    const condition = since(deployment, { type: 'Progressing', status, reason, message }, round)
    return [{ ...condition, lastUpdateTime: textOf(round.now) }]
  }
  if (sets.newest === undefined || paused) return before === undefined ? [] : [before]
  if (sets.made) return progress('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`)
  if (isComplete(deployment, next)) {
    if (before?.reason === 'NewReplicaSetAvailable') return [before]
    return progress('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`)
  }
  if (before === undefined || hasMoved(deployment.status, next))
    return progress('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`)
  if (before.reason === 'ProgressDeadlineExceeded' || before.reason === 'NewReplicaSetAvailable')
    return [before]
  const due = Date.parse(before.lastUpdateTime ?? '') + limit * 1000
  if (round.now >= due)
    return progress('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`)
  round.wake(due)
  return [before]
}

function isComplete({ spec }: Deployment, status: Status): boolean {
  const wanted = spec.replicas ?? 1
  return [status.updatedReplicas, status.replicas, status.availableReplicas].every(
    (one) => (one ?? 0) === wanted,
  )
}

function hasMoved(before: Status | undefined, next: Status): boolean {
  const old = (status: Status | undefined) => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0)
  return (
    (next.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(next) < old(before) ||
    (next.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  )
}

const conditionOf = ({ status }: Deployment, type: string): Timed | undefined =>
  status?.conditions?.find((one) => one.type === type)

/** A condition keeps the time of its last change of status. */
function since(deployment: Deployment, condition: Timed, round: Round): Timed {
  const before = conditionOf(deployment, condition.type)
  const same = before?.status === condition.status ? before.lastTransitionTime : undefined
  const times =
    before?.reason === condition.reason && same !== undefined
      ? { lastUpdateTime: before?.lastUpdateTime ?? same }
      : { lastUpdateTime: textOf(round.now) }
  return { ...condition, ...times, lastTransitionTime: same ?? textOf(round.now) }
}

import type { Pod, StatefulSet } from '@alt-las/kubernetes'
import { counted, hashOf, isEnding, isReady, ownerOf, type Round } from '../round/round.ts'

const revisionLabel = 'controller-revision-hash'

interface Detailed extends StatefulSet {
  readonly spec: StatefulSet['spec'] & {
    readonly podManagementPolicy?: string
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number }
    }
  }
}

/** Pods one after the other, by ordinal; updates from the last to the first, each only while all others are ready. */
export function statefulSets(round: Round): void {
  for (const set of round.of<Detailed>('StatefulSet')) {
    if (isEnding(set)) continue
    const revision = `${set.metadata.name}-${hashOf(set.spec.template)}`
    step(set, revision, round)
    round.put({ ...set, status: statusOf(set, revision, round) } as StatefulSet)
  }
}

function step(set: Detailed, revision: string, round: Round): void {
  const wanted = set.spec.replicas ?? 1
  const pods = podsOf(set, round)
  const parallel = set.spec.podManagementPolicy === 'Parallel'
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.find((one) => ordinalOf(one) === ordinal)
    if (pod === undefined) round.put(podOf(set, ordinal, revision))
    if (parallel) continue
    if (pod === undefined || isEnding(pod) || !isReady(pod)) {
      // The one that is not ready may be so because of its template: the newer one is its cure.
      if (pod !== undefined && !isEnding(pod)) update(set, [pod], revision, round)
      return
    }
  }
  const extra = pods.filter((one) => ordinalOf(one) >= wanted && !isEnding(one))
  const last = extra.at(-1)
  if (last !== undefined) {
    if (pods.every((one) => !isEnding(one))) round.remove(last)
    return
  }
  if (pods.every((one) => isReady(one) && !isEnding(one))) update(set, pods, revision, round)
}

function update(set: Detailed, pods: readonly Pod[], revision: string, round: Round): void {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {}
  if (type !== 'RollingUpdate') return
  const first = rollingUpdate?.partition ?? 0
  const stale = pods.filter(
    (one) => ordinalOf(one) >= first && one.metadata.labels?.[revisionLabel] !== revision,
  )
  const last = stale.at(-1)
  if (last !== undefined) round.remove(last)
}

const podsOf = (set: StatefulSet, round: Round): readonly Pod[] =>
  round.owned<Pod>('Pod', set).toSorted((one, other) => ordinalOf(one) - ordinalOf(other))

const ordinalOf = ({ metadata }: Pod): number => Number(/\d+$/.exec(metadata.name)?.[0] ?? -1)

function podOf(set: StatefulSet, ordinal: number, revision: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`
  const { metadata = {}, spec } = set.spec.template
  const labels = {
    ...metadata.labels,
    [revisionLabel]: revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name,
      namespace: set.metadata.namespace ?? 'default',
      labels,
      ownerReferences: [ownerOf(set)],
    },
    spec,
    status: { phase: 'Pending' },
  }
}

function statusOf(set: Detailed, revision: string, round: Round): NonNullable<StatefulSet['status']> {
  const pods = podsOf(set, round).filter((one) => !isEnding(one))
  const isNew = (pod: Pod) => pod.metadata.labels?.[revisionLabel] === revision
  const ready = pods.filter(isReady).length
  const updated = pods.filter(isNew).length
  const before = set.status?.currentRevision ?? revision
  const done = updated === (set.spec.replicas ?? 1) && updated === pods.length && ready === updated
  const current = done
    ? updated
    : pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === before).length
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...counted({ readyReplicas: ready, currentReplicas: current, updatedReplicas: updated }),
    availableReplicas: ready,
    currentRevision: done ? revision : before,
    updateRevision: revision,
  }
}

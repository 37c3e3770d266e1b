import type { Pod, PodTemplate, ReplicaSet } from '@alt-las/kubernetes'
import { counted, isActive, isAvailable, isReady, ownerOf, type Round } from '../round/round.ts'

/** As many pods as wanted; those on their way out do not count. */
export function replicaSets(round: Round): void {
  for (const set of round.of<ReplicaSet>('ReplicaSet')) {
    if (set.metadata.deletionTimestamp !== undefined) continue
    const all = round.owned<Pod>('Pod', set)
    const active = all.filter(isActive)
    const wanted = set.spec.replicas ?? 1
    create(set, all, wanted - active.length, round)
    for (const pod of active.toSorted(lessWanted).slice(0, Math.max(0, active.length - wanted)))
      round.remove(pod)
    round.put({ ...set, status: statusOf(set, round) } as ReplicaSet)
  }
}

function create(set: ReplicaSet, all: readonly Pod[], missing: number, round: Round): void {
  const used = new Set(all.map(({ metadata }) => metadata.name))
  for (let index = 0, left = missing; left > 0; index += 1) {
    const name = `${set.metadata.name}-${index}`
    if (used.has(name)) continue
    round.put(podOf(set, name))
    left -= 1
  }
}

interface Owner extends ReplicaSet {
  readonly spec: ReplicaSet['spec'] & { readonly template?: PodTemplate }
}

function podOf(set: Owner, name: string): Pod {
  const { template } = set.spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: set.metadata.namespace ?? 'default',
      labels: template?.metadata?.labels ?? {},
      ...(template?.metadata?.annotations === undefined
        ? {}
        : { annotations: template.metadata.annotations }),
      ownerReferences: [ownerOf(set)],
    },
    spec: template?.spec ?? { containers: [] },
    status: { phase: 'Pending' },
  }
}

/** Not ready before ready, young before old. */
function lessWanted(one: Pod, other: Pod): number {
  const ready = Number(isReady(one)) - Number(isReady(other))
  if (ready !== 0) return ready
  const born = ({ metadata }: Pod) => metadata.creationTimestamp ?? ''
  if (born(one) !== born(other)) return born(one) > born(other) ? -1 : 1
  return one.metadata.name > other.metadata.name ? -1 : 1
}

function statusOf(set: ReplicaSet, round: Round): NonNullable<ReplicaSet['status']> {
  const pods = round.owned<Pod>('Pod', set).filter(isActive)
  const { minReadySeconds = 0 } = set.spec as { readonly minReadySeconds?: number }
  return {
    replicas: pods.length,
    ...counted({
      fullyLabeledReplicas: pods.length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter((pod) => isAvailable(pod, minReadySeconds, round)).length,
    }),
    observedGeneration: set.metadata.generation ?? 1,
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
  }
}

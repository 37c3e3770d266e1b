import type { Deployment, ReplicaSet } from '@alt-las/kubernetes'

/** Absolute numbers out of `25%` or `1`; a surge is rounded up, what may be missing down; both 0 means that one may be missing. */
export function bounds({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
  const wanted = spec.replicas ?? 1
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {}
  if (spec.strategy?.type === 'Recreate') return { surge: 0, unavailable: wanted }
  const surge = share(maxSurge, wanted, Math.ceil)
  const unavailable = share(maxUnavailable, wanted, Math.floor)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted) }
}

function share(value: number | string, of: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * of)
}

const replicasOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1
const availableOf = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0
const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0)

/** How many pods a new set begins with. */
export function firstReplicas(deployment: Deployment, old: readonly ReplicaSet[]): number {
  const wanted = deployment.spec.replicas ?? 1
  return Math.max(0, Math.min(wanted, wanted + bounds(deployment).surge - sum(old, replicasOf)))
}

/**
 * The next step of a rolling update: sets whose number changes, with the new number. As the real controller, either the newest set
 * grows, or older ones shrink: first what is not available there, then no further than the fewest that must be available.
 */
export function rollingStep(
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): ReadonlyMap<ReplicaSet, number> {
  const wanted = deployment.spec.replicas ?? 1
  const { surge, unavailable } = bounds(deployment)
  const have = replicasOf(newest)
  const total = have + sum(old, replicasOf)
  if (have > wanted) return new Map([[newest, wanted]])
  const growth = Math.min(wanted + surge - total, wanted - have)
  if (growth > 0) return new Map([[newest, have + growth]])
  const fewest = wanted - unavailable
  const most = total - fewest - (have - availableOf(newest))
  const steps = new Map<ReplicaSet, number>()
  const shrink = (set: ReplicaSet, by: number) => {
    if (by > 0) steps.set(set, (steps.get(set) ?? replicasOf(set)) - by)
    return Math.max(0, by)
  }
  let left = most
  for (const set of old) left -= shrink(set, Math.min(left, replicasOf(set) - availableOf(set)))
  let spare = sum([newest, ...old], availableOf) - fewest
  for (const set of old) spare -= shrink(set, Math.min(spare, left, steps.get(set) ?? replicasOf(set)))
  return steps
}

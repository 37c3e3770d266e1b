import type { Deployment, Pod } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { isCanary, readyBehind } from './pods.ts'
import { savedState } from './state.ts'

/**
 * Who is served: the ready pods behind the user's Service. Asked after every write, it answers what that write has broken: no write of a run
 * cuts off a pod of another workload, nor leaves fewer pods than the rollout found (none, once somebody else has acted); and once there was
 * one, there is always one.
 */
export function watchServed(cluster: FakeCluster, service = 'web'): (write: Write) => readonly string[] {
  let last = readyBehind(service, cluster)
  return ({ ours, disturbed, mortal }) => {
    const before = last
    last = readyBehind(service, cluster)
    if (ours)
      return [
        ...cutOff(before, last, service),
        ...tooFew(before, last, { service, found: disturbed ? 1 : foundIn(cluster, before, service) }),
      ]
    return before.length > 0 && last.length === 0 && !disturbed && !mortal && !isRecreated(cluster, service)
      ? [`the Service ${service} selects no ready pod any more`]
      : []
  }
}

export interface Write {
  /** It was made by a call of a run, not by a controller or a test. */
  readonly ours: boolean
  /** Somebody else has acted: a write of the run still never leaves the Service empty. */
  readonly disturbed: boolean
  /** Pods die by themselves. */
  readonly mortal: boolean
}

/** The user has asked for an update that ends all pods first. */
function isRecreated(cluster: FakeCluster, service: string): boolean {
  const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: service }
  return cluster.peek<Deployment>(at)?.spec.strategy?.type === 'Recreate'
}

/** Pods of other workloads serve as well: a run refuses before its first write, and does not cut them off. Those of the target bear its name. */
function cutOff(before: readonly Pod[], after: readonly Pod[], service: string): readonly string[] {
  const kept = new Set(after.map(({ metadata }) => metadata.name))
  return before
    .filter(
      (pod) => !kept.has(pod.metadata.name) && !isCanary(pod) && !pod.metadata.name.startsWith(`${service}-`),
    )
    .map(({ metadata }) => `a write of a run cut off the pod ${metadata.name} of another workload`)
}

function tooFew(
  before: readonly Pod[],
  after: readonly Pod[],
  { service, found }: { readonly service: string; readonly found: number },
): readonly string[] {
  const least = Math.min(before.length, found)
  return after.length < least
    ? [`a write of a run left ${after.length} ready pods of ${least} behind the Service ${service}`]
    : []
}

/** As many as the run has found; a canary that leaves is no loss. */
function foundIn(cluster: FakeCluster, before: readonly Pod[], service: string): number {
  const state = savedState(cluster, service)
  return state !== null && state.phase.kind !== 'done'
    ? state.baseline.replicas
    : before.filter((pod) => !isCanary(pod)).length
}

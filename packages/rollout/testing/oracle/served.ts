import type { Deployment, Pod } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { isCanary, readyBehind } from './pods.ts'
import { savedState } from './state.ts'

/**
 * Who is served: the ready pods behind the user's Service. Asked after every write, it answers what that write has broken: no write of a run
 * cuts off a pod of another workload, nor leaves fewer pods than the rollout found; and once there was one, there is always one.
 */
export function watchServed(cluster: FakeCluster): (write: Write) => readonly string[] {
  let last = readyBehind(service, cluster)
  return ({ ours, disturbed }) => {
    const before = last
    last = readyBehind(service, cluster)
    if (ours) return [...cutOff(before, last), ...tooFew(before, last, cluster)]
    return before.length > 0 && last.length === 0 && !disturbed && !isRecreated(cluster)
      ? ['the Service web selects no ready pod any more']
      : []
  }
}

export interface Write {
  /** It was made by a call of a run, not by a controller or a test. */
  readonly ours: boolean
  /** Somebody else has acted, or pods die by themselves: then an empty Service is not the run's doing. */
  readonly disturbed: boolean
}

const service = 'web'

/** The user has asked for an update that ends all pods first. */
const isRecreated = (cluster: FakeCluster): boolean =>
  deploymentOf(cluster)?.spec.strategy?.type === 'Recreate'

const deploymentOf = (cluster: FakeCluster): Deployment | null =>
  cluster.peek({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: service })

/** Pods of other workloads serve as well: a run refuses before its first write, and does not cut them off. Those of `web` bear its name. */
function cutOff(before: readonly Pod[], after: readonly Pod[]): readonly string[] {
  const kept = new Set(after.map(({ metadata }) => metadata.name))
  return before
    .filter((pod) => !kept.has(pod.metadata.name) && !isCanary(pod) && !/^web-/.test(pod.metadata.name))
    .map(({ metadata }) => `a write of a run cut off the pod ${metadata.name} of another workload`)
}

function tooFew(before: readonly Pod[], after: readonly Pod[], cluster: FakeCluster): readonly string[] {
  const state = savedState(cluster)
  const isGoingOn = state !== null && state.phase.kind !== 'done'
  const found = isGoingOn ? state.baseline.replicas : before.filter((pod) => !isCanary(pod)).length
  // Somebody else may have made stable smaller since.
  const least = Math.min(before.length, found, deploymentOf(cluster)?.spec.replicas ?? found)
  return after.length < least
    ? [`a write of a run left ${after.length} ready pods of ${least} behind the Service web`]
    : []
}

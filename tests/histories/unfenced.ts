import type { Cluster, JsonPatch } from '@alt-las/kubernetes'
import type { Lane } from '@alt-las/simulated-cluster'
import { fencingAnnotation } from '../../packages/rollout/model/names.ts'

type Runner = (lane: Lane) => Promise<void>

/** The same runner with a fence that was forgotten: its patches test no number, and its time to write is never over. */
export const unfenced =
  (run: Runner): Runner =>
  (lane) =>
    run({ ...lane, cluster: { ...lane.cluster, ...untested(lane.cluster) } })

function untested(cluster: Cluster): Pick<Cluster, 'apply' | 'patch' | 'remove'> {
  return {
    apply: (object, manager) => cluster.apply(object, manager),
    patch: (at, operations) => cluster.patch(at, operations.filter(isOther)),
    remove: (at, only) => cluster.remove(at, only),
  }
}

const isOther = ({ op, path }: JsonPatch): boolean =>
  op !== 'test' || !path.endsWith(fencingAnnotation.replaceAll('/', '~1'))

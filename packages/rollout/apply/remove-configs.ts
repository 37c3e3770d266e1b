import type { Cluster } from '@alt-las/kubernetes'
import type { Rollout } from '../model/rollout.ts'
import { stalest } from '../observe/observe-configs.ts'

export async function removeStale(
  rollout: Rollout,
  cluster: Pick<Cluster, 'get' | 'list' | 'remove'>,
): Promise<void> {
  const { namespace } = rollout.plan
  for (const { kind, metadata } of await stalest(rollout, cluster))
    await cluster.remove(
      { apiVersion: 'v1', kind, namespace, name: metadata.name },
      { uid: metadata.uid ?? '' },
    )
}

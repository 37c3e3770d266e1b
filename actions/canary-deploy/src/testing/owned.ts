import type { At, Cluster, Lease } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import { leaseAt } from '../../../../packages/rollout/state/lease.ts'

/**
 * A runner's way to the cluster that tells of each write which it made after another one had taken the lease: what an answer says of the past
 * is no right to the present. What comes before the lease is not asked: the namespace, and the empty lease itself.
 */
export function owned<T extends Cluster>(holder: string, lane: T, ports: OwnedPorts): T {
  const { cluster, report } = ports
  const checked = async <A>(verb: string, at: Pick<At, 'kind' | 'name'>, made: Promise<A>): Promise<A> => {
    const answer = await made
    const owner = ownerOf(cluster)
    if (!before.has(at.kind) && owner !== holder)
      report(
        `${holder} made a write when ${owner || 'nobody'} held the target (${verb} ${at.kind} ${at.name ?? ''})`,
      )
    return answer
  }
  return {
    ...lane,
    apply: (object, manager, limit) =>
      checked('apply', { kind: object.kind, name: object.metadata.name }, lane.apply(object, manager, limit)),
    patch: (at, operations, limit) => checked('patch', at, lane.patch(at, operations, limit)),
    remove: (at, only, limit) => checked('remove', at, lane.remove(at, only, limit)),
  }
}

interface OwnedPorts {
  readonly cluster: FakeCluster
  readonly report: (broken: string) => void
}

const before: ReadonlySet<string> = new Set(['Lease', 'Namespace'])

const lease = leaseAt({ namespace: 'shop', deployment: 'web' })

const ownerOf = (cluster: FakeCluster): string => cluster.peek<Lease>(lease)?.spec?.holderIdentity ?? ''

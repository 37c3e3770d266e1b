import type { At, Cluster, Lease } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/**
 * A runner's way to the cluster that reports each write that it made while it held no lease: an answer about the past gives no right to
 * write now. What comes before the lease is not asked: the namespace, and the empty lease itself.
 */
export function owned<T extends Cluster>(holder: string, lane: T, ports: OwnedPorts): T {
  const { cluster, report } = ports
  const checked = async <A>(verb: string, at: Pick<At, 'kind' | 'name'>, made: Promise<A>): Promise<A> => {
    const answer = await made
    const holders = holdersIn(cluster)
    if (!before.has(at.kind) && !holders.includes(holder))
      report(
        `${holder} made a write when ${holders.join(', ') || 'no run'} held the target (${verb} ${at.kind} ${at.name ?? ''})`,
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

const holdersIn = (cluster: FakeCluster): readonly string[] =>
  cluster.all<Lease>('Lease').flatMap(({ spec }) => spec?.holderIdentity || [])

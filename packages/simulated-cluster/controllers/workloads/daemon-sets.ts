import type { DaemonSet, KubeObject, Pod } from '@alt-las/kubernetes'
import { hashOf, isEnding, isReady, ownerOf, type Round } from '../round/round.ts'

const revisionLabel = 'controller-revision-hash'

/** One pod on each Node (on one node where there is no such object); an update replaces one pod at a time. */
export function daemonSets(round: Round): void {
  for (const set of round.of<DaemonSet>('DaemonSet')) {
    if (isEnding(set)) continue
    const revision = hashOf(set.spec.template)
    const nodes = nodesOf(round)
    for (const node of nodes) {
      const taken = round.owned<Pod>('Pod', set).some(({ spec }) => spec.nodeName === node)
      if (!taken) round.put(podOf(set, node, revision))
    }
    replace(set, revision, round)
    round.put({ ...set, status: statusOf(set, { revision, wanted: nodes.length }, round) } as DaemonSet)
  }
}

function nodesOf(round: Round): readonly string[] {
  const names = round.of<KubeObject>('Node').map(({ metadata }) => metadata.name)
  return names.length === 0 ? ['node'] : names
}

/** A pod that is not ready is replaced at once, another only while all are ready. */
function replace(set: DaemonSet, revision: string, round: Round): void {
  const pods = round.owned<Pod>('Pod', set)
  if (pods.some(isEnding)) return
  const stale = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== revision)
  const next = stale.find((pod) => !isReady(pod)) ?? (pods.every(isReady) ? stale[0] : undefined)
  if (next !== undefined) round.remove(next)
}

function podOf(set: DaemonSet, node: string, revision: string): Pod {
  const { metadata = {}, spec } = set.spec.template
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `${set.metadata.name}-${node}-${revision}`,
      namespace: set.metadata.namespace ?? 'default',
      labels: { ...metadata.labels, [revisionLabel]: revision },
      ownerReferences: [ownerOf(set)],
    },
    spec: { ...spec, nodeName: node },
    status: { phase: 'Pending' },
  }
}

function statusOf(
  set: DaemonSet,
  { revision, wanted }: { readonly revision: string; readonly wanted: number },
  round: Round,
): NonNullable<DaemonSet['status']> {
  const pods = round.owned<Pod>('Pod', set).filter((pod) => !isEnding(pod))
  const ready = pods.filter(isReady).length
  return {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: wanted,
    numberReady: ready,
    numberAvailable: ready,
    updatedNumberScheduled: pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision)
      .length,
  }
}

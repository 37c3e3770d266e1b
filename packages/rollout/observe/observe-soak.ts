import type { Cluster, Pod } from '@alt-las/kubernetes'
import { logLines, podSelector } from '@alt-las/workload-health'
import { trackLabel } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Soak } from '../model/quiet.ts'
import { isEnding, isReady } from './workloads/pod-facts.ts'
import { newErrors } from './log-errors.ts'

/** Pods of each version whose logs are read, and how much of each. */
const mostPods = 3
const mostLines = 500

/** Two looks are this far apart, ms. */
const everyMs = 10_000

/**
 * Looks at the pods of the new version and at the logs of both; a look of just now is good enough. Where not one log of the new version can be
 * read, the last look stays, and grows too old to count.
 */
export async function observeSoak(
  { plan, last, now }: { readonly plan: Plan; readonly last: Soak | undefined; readonly now: number },
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Soak | undefined> {
  if (last !== undefined && now - last.at < everyMs) return last
  const { namespace } = plan
  const { labelSelector = '' } = podSelector(plan.desired)
  const all = await cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
  const living = all.filter((pod) => !isEnding(pod))
  const isNew = ({ metadata }: Pod) => metadata.labels?.[trackLabel] === 'canary'
  const fresh = living.filter(isNew)
  const [ours, theirs] = await Promise.all([
    logsOf(fresh, plan, cluster),
    logsOf(
      living.filter((pod) => !isNew(pod)),
      plan,
      cluster,
    ),
  ])
  if (ours === null) return last
  const total = restartsOf(fresh)
  const restarts = { first: last?.restarts.first ?? total, now: total }
  const looked = { at: now, pods: fresh.filter(isReady).length, restarts, lines: ours.length }
  return { ...looked, trouble: troubleOf(restarts, ours, theirs ?? []) }
}

function troubleOf(
  restarts: Soak['restarts'],
  ours: readonly string[],
  theirs: readonly string[],
): string | null {
  const more = restarts.now - restarts.first
  if (more > 0) return `containers of the new version restarted ${more === 1 ? 'once' : `${more} times`}`
  const [first] = newErrors(ours, theirs)
  return first === undefined ? null : `the new version logs an error that the old one does not: ${first}`
}

const restartsOf = (pods: readonly Pod[]): number =>
  pods
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((total, { restartCount }) => total + restartCount, 0)

/** The last lines of the named container; null where not one log could be read. */
async function logsOf(
  pods: readonly Pod[],
  { namespace, container }: Plan,
  cluster: Pick<Cluster, 'log'>,
): Promise<readonly string[] | null> {
  const read = await Promise.all(
    pods.slice(0, mostPods).map(({ metadata }) => {
      const at = { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name }
      return logLines(at, { container, most: mostLines }, cluster)
    }),
  )
  const known = read.filter((lines) => lines !== null)
  return known.length === 0 ? null : known.flat()
}

import { Failure } from '@alt-las/failure'
import type { At, Cluster } from './cluster.ts'
import type { Pod } from './pods.ts'
import type { Event } from './records.ts'
import { redact } from './redact.ts'
import { standing, type Facts, type Standing } from './standing.ts'
import type { ReplicaSet, Workload } from './workloads.ts'

/** One look at a workload with all that its standing needs; for a container that ended, with the last lines of its log. */
export async function lookAt(
  workload: Workload,
  now: number,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Standing> {
  const first = standing(workload, [], [], { now })
  if (first.kind === 'ready') return first
  const { namespace = 'default' } = workload.metadata
  const [pods, sets] = await Promise.all([
    cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, ...selectorOf(workload) }),
    workload.kind === 'Deployment'
      ? cluster.list<ReplicaSet>({
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          namespace,
          ...selectorOf(workload),
        })
      : [],
  ])
  const newest = workload.kind === 'Deployment' ? newestOf(workload, sets) : undefined
  const facts: Facts = newest === undefined ? { now } : { now, newest }
  return whyNot(workload, pods, facts, cluster)
}

/** The same for who has the pods already; events and log are read only where something is wrong. */
export async function whyNot(
  workload: Workload,
  pods: readonly Pod[],
  facts: Facts,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Standing> {
  const { namespace = 'default' } = workload.metadata
  const events = await cluster.list<Event>({ apiVersion: 'v1', kind: 'Event', namespace })
  const sorted = [...events].sort((one, other) => (lastSeen(one) < lastSeen(other) ? -1 : 1))
  return withLog(standing(workload, pods, sorted, facts), namespace, cluster)
}

async function withLog(found: Standing, namespace: string, cluster: Pick<Cluster, 'log'>): Promise<Standing> {
  if (found.kind !== 'failed') return found
  const { pod, container, hasLog } = found.cause
  if (pod === undefined || container === undefined || hasLog !== true) return found
  const at: At = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod }
  const text = (await logOf(at, container, true, cluster)) || (await logOf(at, container, false, cluster))
  const lines = redact(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5)
    .map((line) => line.trim().slice(0, 300))
  return lines.length === 0
    ? found
    : { ...found, because: `${found.because}; last log lines: ${lines.join(' | ')}` }
}

async function logOf(
  at: At,
  container: string,
  previous: boolean,
  cluster: Pick<Cluster, 'log'>,
): Promise<string> {
  try {
    return await cluster.log(at, { container, previous, tailLines: 20 })
  } catch (error) {
    // The log only adds to the reason; a right to read it that is missing must not hide the reason.
    if (error instanceof Failure) return ''
    throw error
  }
}

function newestOf(workload: Workload, sets: readonly ReplicaSet[]): ReplicaSet | null {
  const own = sets.filter((set) =>
    set.metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid),
  )
  const revision = ({ metadata }: ReplicaSet) =>
    Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  return own.reduce<ReplicaSet | null>(
    (best, set) => (best === null || revision(set) > revision(best) ? set : best),
    null,
  )
}

/** The selector as lists take it. */
export function selectorOf({ spec }: Workload): { readonly labelSelector?: string } {
  const equal = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const sets = (spec.selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
  })
  const labelSelector = [...equal, ...sets].join(',')
  return labelSelector === '' ? {} : { labelSelector }
}

const lastSeen = ({ series, lastTimestamp, eventTime, metadata }: Event): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ''

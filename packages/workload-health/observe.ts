import { Failure } from '@alt-las/failure'
import { cutBetweenWords, redact } from '@alt-las/secrets'
import {
  type At,
  type Cluster,
  type Event,
  type Job,
  type Pod,
  type ReplicaSet,
  timeOfEvent,
  type Workload,
} from '@alt-las/kubernetes'
import { jobStatus } from './job-status.ts'
import { readiness, type ReadinessFacts, type Readiness } from './readiness.ts'

/** Reads a workload and its readiness; for a container that has ended, with the last lines of its log. */
export async function observeReadiness(
  workload: Workload,
  now: number,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Readiness> {
  const { namespace = 'default' } = workload.metadata
  const [pods, sets] = await Promise.all([
    cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, ...podSelector(workload) }),
    workload.kind === 'Deployment'
      ? cluster.list<ReplicaSet>({
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          namespace,
          ...podSelector(workload),
        })
      : [],
  ])
  const newest = workload.kind === 'Deployment' ? newestOf(workload, sets) : undefined
  const facts: ReadinessFacts = newest === undefined ? { now } : { now, newest }
  // By counts alone a pod between two crashes would be ready.
  const first = readiness(workload, pods, [], facts)
  return first.kind === 'ready' ? first : explainUnready(workload, pods, facts, cluster)
}

/** The same with given pods; events and log are read only if a pod is not ready. */
export async function explainUnready(
  workload: Workload,
  pods: readonly Pod[],
  facts: ReadinessFacts,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Readiness> {
  const { namespace = 'default' } = workload.metadata
  const events = await eventsIn(namespace, cluster)
  return withLog(readiness(workload, pods, events, facts), namespace, cluster)
}

/** Reads a Job: `ready` when it has completed, `failed` with the reason and the last lines of its log. */
export async function observeJobStatus(
  job: Job,
  now: number,
  cluster: Pick<Cluster, 'list' | 'log'>,
): Promise<Readiness> {
  const first = jobStatus(job, [], [], now)
  if (first.kind === 'ready') return first
  const { namespace = 'default', name } = job.metadata
  const labelSelector = `batch.kubernetes.io/job-name=${name}`
  const [pods, events] = await Promise.all([
    cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }),
    eventsIn(namespace, cluster),
  ])
  return withLog(jobStatus(job, pods, events, now), namespace, cluster)
}

async function eventsIn(namespace: string, cluster: Pick<Cluster, 'list'>): Promise<readonly Event[]> {
  const events = await cluster.list<Event>({ apiVersion: 'v1', kind: 'Event', namespace })
  return [...events].sort((one, other) => (timeOfEvent(one) < timeOfEvent(other) ? -1 : 1))
}

async function withLog(
  found: Readiness,
  namespace: string,
  cluster: Pick<Cluster, 'log'>,
): Promise<Readiness> {
  if (found.kind !== 'failed') return found
  const { pod, container, hasLog } = found.cause
  if (pod === undefined || container === undefined || hasLog !== true) return found
  const at: At = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod }
  const lines = await lastLogLines(at, container, cluster)
  if (lines === '') return found
  const cause = { ...found.cause, evidence: { ...found.cause.evidence, log: lines.split(' | ') } }
  return { ...found, cause, because: `${found.because}; last log lines: ${lines}` }
}

const mostLines = 20
/** Characters. */
const longestLine = 4096

/** The last log lines of a container that has ended, or of its successor; redacted, joined by ` | `, '' = none. */
export async function lastLogLines(
  at: At,
  container: string,
  cluster: Pick<Cluster, 'log'>,
): Promise<string> {
  const text = (await logOf(at, container, true, cluster)) || (await logOf(at, container, false, cluster))
  // Each line is cut before it is read: a container may print one of a megabyte. Then all of them, since a key has several lines.
  const lines = text
    .split('\n')
    .slice(-mostLines)
    .map((line) => cutBetweenWords(line, { limit: longestLine, keep: 'start' }))
  return redact(lines.join('\n'), { limit: 2 * mostLines * longestLine })
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5)
    .map((line) => line.trim().slice(0, 300))
    .join(' | ')
}

async function logOf(
  at: At,
  container: string,
  previous: boolean,
  cluster: Pick<Cluster, 'log'>,
): Promise<string> {
  try {
    return await cluster.log(at, { container, previous, tailLines: mostLines })
  } catch (error) {
    // The log only adds to the reason; a missing permission to read it must not hide the reason.
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

/** The selector for list calls. */
export function podSelector({ spec }: Workload): { readonly labelSelector?: string } {
  const equal = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const sets = (spec.selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
  })
  const labelSelector = [...equal, ...sets].join(',')
  return labelSelector === '' ? {} : { labelSelector }
}

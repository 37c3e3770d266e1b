import {
  lastLines,
  whyNot,
  type At,
  type Cluster,
  type Deployment,
  type Job,
  type Pod,
} from '@alt-las/kubernetes'
import { labelFor } from './config-version.ts'
import { manager } from './names.ts'
import type { Plan } from './plan.ts'
import { idOf, type Rollout } from './rollout.ts'
import type { JobSight } from './sight.ts'

/** On the Jobs: the workload that they run for. */
const jobLabel = 'alt-las.dev/before'

type Reads = Pick<Cluster, 'get' | 'list' | 'log'>

/** How far the Job of `before` is. `now` in ms since 1970. */
export async function observeJob(rollout: Rollout, now: number, cluster: Reads): Promise<JobSight> {
  const { plan, phase } = rollout
  if (plan.before === null) return { kind: 'none', because: '' }
  const name = nameFor(plan.before, rollout)
  const found = await cluster.get<Job>(jobAt(plan, name))
  if (found === null)
    return phase.kind === 'before'
      ? beforeFirst(name, plan, cluster)
      : { kind: 'absent', because: `the Job ${name} is not there` }
  const uid = found.metadata.uid ?? ''
  const end = endOf(found)
  if (end?.type === 'Complete') return { kind: 'succeeded', because: `the Job ${name} succeeded`, uid }
  // Only while it matters its pods and their logs are read.
  if (phase.kind !== 'before') return { kind: end === undefined ? 'running' : 'failed', because: name, uid }
  if (end !== undefined) {
    const why = end.message ?? end.reason ?? 'no reason given'
    return { kind: 'failed', because: `the Job ${name} failed: ${why}${await words(found, cluster)}`, uid }
  }
  const stuck = await whatKeepsIt(found, now, cluster)
  return stuck === null
    ? { kind: 'running', because: `the Job ${name} runs`, uid }
    : { kind: 'stuck', because: `the Job ${name} cannot run: ${stuck}`, uid }
}

/** Starts the rollout's own Job; what earlier rollouts left goes first. */
export async function startJob(
  rollout: Rollout,
  cluster: Pick<Cluster, 'list' | 'apply' | 'remove'>,
): Promise<void> {
  const { plan } = rollout
  if (plan.before === null) return
  const name = nameFor(plan.before, rollout)
  for (const one of await ofTarget(plan, cluster))
    if (one.metadata.name !== name && endOf(one) !== undefined)
      await cluster.remove(jobAt(plan, one.metadata.name), { uid: one.metadata.uid ?? '' })
  await cluster.apply(jobOf(plan.before, name, plan), manager)
}

export async function removeJob(
  { plan, ...rollout }: Rollout,
  uid: string,
  cluster: Pick<Cluster, 'remove'>,
): Promise<void> {
  if (plan.before !== null)
    await cluster.remove(jobAt(plan, nameFor(plan.before, { plan, ...rollout })), { uid })
}

/** A migration of an earlier rollout that still runs is never run into. */
async function beforeFirst(name: string, plan: Plan, cluster: Reads): Promise<JobSight> {
  const running = (await ofTarget(plan, cluster)).find((one) => endOf(one) === undefined)
  return running === undefined
    ? { kind: 'absent', because: `the Job ${name} has not been started` }
    : { kind: 'blocked', because: `the Job ${running.metadata.name} of an earlier rollout still runs` }
}

/** One name per rollout: begun anew after a kill it finds its own Job, another rollout never does. At most 63 characters. */
const nameFor = ({ metadata }: Job, rollout: Rollout): string =>
  `${metadata.name.slice(0, 50).replace(/[-.]+$/, '')}-${idOf(rollout)}`

function jobOf(before: Job, name: string, { namespace, deployment }: Plan): Job {
  const { apiVersion, kind, metadata, spec } = before
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: {
        ...metadata.labels,
        'app.kubernetes.io/managed-by': manager,
        [jobLabel]: labelFor(deployment),
      },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    // One that vanished by itself would be run again; one that nobody clears away goes after a week.
    spec: { ...spec, ttlSecondsAfterFinished: 7 * 24 * 3600 },
  }
}

const ofTarget = ({ namespace, deployment }: Plan, cluster: Pick<Cluster, 'list'>) =>
  cluster.list<Job>({
    apiVersion: 'batch/v1',
    kind: 'Job',
    namespace,
    labelSelector: `${jobLabel}=${labelFor(deployment)}`,
  })

const endOf = ({ status }: Job) =>
  status?.conditions?.find(
    ({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True',
  )

/** What no retry of the Job itself can cure, such as an image that cannot be pulled; null while it may go on. */
async function whatKeepsIt(job: Job, now: number, cluster: Reads): Promise<string | null> {
  const pods = await podsOf(job, cluster)
  // Seen as a workload of one pod, whose causes are known.
  const like: Deployment = {
    ...job,
    kind: 'Deployment',
    metadata: { ...job.metadata, generation: 1 },
    spec: { replicas: 1, selector: {}, template: job.spec.template },
    status: {},
  }
  const open = pods.filter(({ status }) => status?.phase === 'Pending')
  if (open.length === 0) return null
  const found = await whyNot(like, open, { now }, cluster)
  return found.kind === 'failed' && !('cause' in found && repeated.has(found.cause.kind))
    ? found.because
    : null
}

/** How often a container may fail is what the Job's backoffLimit says. */
const repeated: ReadonlySet<string> = new Set(['crash-loop', 'out-of-memory', 'start', 'probe'])

/** The last lines of the newest pod that ended. */
async function words(job: Job, cluster: Reads): Promise<string> {
  const pods = await podsOf(job, cluster)
  const newest = [...pods].sort((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1))[0]
  const statuses = [
    ...(newest?.status?.initContainerStatuses ?? []),
    ...(newest?.status?.containerStatuses ?? []),
  ]
  const failed = statuses.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)
  if (newest === undefined || failed === undefined) return ''
  const { namespace = '', name } = newest.metadata
  const exit = `; exit code ${String(failed.state?.terminated?.exitCode)}`
  const lines = await lastLines({ apiVersion: 'v1', kind: 'Pod', namespace, name }, failed.name, cluster)
  return lines === '' ? exit : `${exit}; last log lines: ${lines}`
}

const podsOf = ({ metadata }: Job, cluster: Pick<Cluster, 'list'>) =>
  cluster.list<Pod>({
    apiVersion: 'v1',
    kind: 'Pod',
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    labelSelector: `batch.kubernetes.io/job-name=${metadata.name}`,
  })

const bornAt = ({ metadata }: Pod): string => metadata.creationTimestamp ?? ''

const jobAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace,
  name,
})

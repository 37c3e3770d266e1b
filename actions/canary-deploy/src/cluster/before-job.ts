import type { At, Cluster, Job } from '@alt-las/kubernetes'
import { completedBy, givenUpBy, isJobOver, lookAtJob } from '@alt-las/workload-health'
import { labelFor } from '../config/config-version.ts'
import { manager } from '../names.ts'
import type { JobSight } from '../observe/sight.ts'
import type { Plan } from '../plan/plan.ts'
import { idOf, type Rollout } from '../state/rollout.ts'

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
  // Only while it matters its pods and their logs are read.
  if (phase.kind !== 'before') {
    if (completedBy(found) !== undefined) return succeeded(name, uid)
    return { kind: givenUpBy(found) === undefined ? 'running' : 'failed', because: name, uid }
  }
  const seen = await lookAtJob(found, now, cluster)
  switch (seen.kind) {
    case 'ready':
      return succeeded(name, uid)
    case 'waiting':
      return { kind: 'running', because: `the Job ${name} runs`, uid }
    case 'failed':
      return givenUpBy(found) === undefined
        ? {
            kind: 'stuck',
            because: `the Job ${name} cannot run: ${seen.cause.because}`,
            cause: seen.cause,
            uid,
          }
        : { kind: 'failed', because: `the ${seen.because}`, cause: seen.cause, uid }
  }
}

const succeeded = (name: string, uid: string): JobSight => ({
  kind: 'succeeded',
  because: `the Job ${name} succeeded`,
  uid,
})

/** Starts the rollout's own Job; what earlier rollouts left goes first. */
export async function startJob(
  rollout: Rollout,
  cluster: Pick<Cluster, 'list' | 'apply' | 'remove'>,
): Promise<void> {
  const { plan } = rollout
  if (plan.before === null) return
  const name = nameFor(plan.before, rollout)
  for (const one of await ofTarget(plan, cluster))
    if (one.metadata.name !== name && isJobOver(one))
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
  const running = (await ofTarget(plan, cluster)).find((one) => !isJobOver(one))
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

const jobAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace,
  name,
})

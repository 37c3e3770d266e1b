import type { At, Cluster, WorkloadReader, Job } from '@alt-las/kubernetes'
import { completedBy, givenUpBy, isJobOver, observeJobStatus } from '@alt-las/workload-health'
import { labelFor } from '../configs/config-version.ts'
import type { ObservedJob } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'

/** A new migration waits for a running one of an earlier rollout. */
async function beforeFirst(name: string, plan: Plan, cluster: WorkloadReader): Promise<ObservedJob> {
  const running = (await ofTarget(plan, cluster)).find((one) => !isJobOver(one))
  return running === undefined
    ? { kind: 'absent', because: `the Job ${name} has not been started` }
    : { kind: 'blocked', because: `the Job ${running.metadata.name} of an earlier rollout still runs` }
}

export const jobAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace,
  name,
})

/** On the Jobs: the workload that they run for. */
export const jobLabel = 'alt-las.dev/before'

/** One name per rollout: a resumed run finds its own Job, another rollout never does. At most 63 characters. */
export const nameFor = ({ metadata }: Job, { id }: Pick<Rollout, 'id'>): string =>
  `${metadata.name.slice(0, 50).replace(/[-.]+$/, '')}-${id}`

/** Status of the pre-deploy Job. `now` in ms since 1970. */
export async function observeJob(
  rollout: Rollout,
  now: number,
  cluster: WorkloadReader,
): Promise<ObservedJob> {
  const { plan, phase } = rollout
  if (plan.preDeployJob === null) return { kind: 'none', because: '' }
  const name = nameFor(plan.preDeployJob, rollout)
  const found = await cluster.get<Job>(jobAt(plan, name))
  if (found === null)
    return phase.kind === 'pre-deploy'
      ? beforeFirst(name, plan, cluster)
      : { kind: 'absent', because: `the Job ${name} does not exist` }
  const uid = found.metadata.uid ?? ''
  // Its pods and their logs are read only in the phase of the Job.
  if (phase.kind !== 'pre-deploy') {
    if (completedBy(found) !== undefined) return succeeded(name, uid)
    return { kind: givenUpBy(found) === undefined ? 'running' : 'failed', because: name, uid }
  }
  const seen = await observeJobStatus(found, now, cluster)
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

export const ofTarget = ({ namespace, deployment }: Plan, cluster: Pick<Cluster, 'list'>) =>
  cluster.list<Job>({
    apiVersion: 'batch/v1',
    kind: 'Job',
    namespace,
    labelSelector: `${jobLabel}=${labelFor(deployment)}`,
  })

export const succeeded = (name: string, uid: string): ObservedJob => ({
  kind: 'succeeded',
  because: `the Job ${name} succeeded`,
  uid,
})

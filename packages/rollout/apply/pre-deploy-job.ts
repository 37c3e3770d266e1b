import type { Cluster, Job } from '@alt-las/kubernetes'
import { isJobOver } from '@alt-las/workload-health'
import { labelFor } from '../configs/config-version.ts'
import { manager } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { jobAt, jobLabel, nameFor, ofTarget } from '../observe/observe-job.ts'

/** Starts the rollout's Job, after Jobs of earlier rollouts are removed. */
export async function startJob(
  rollout: Rollout,
  cluster: Pick<Cluster, 'list' | 'apply' | 'remove'>,
): Promise<void> {
  const { plan } = rollout
  if (plan.preDeployJob === null) return
  const name = nameFor(plan.preDeployJob, rollout)
  for (const one of await ofTarget(plan, cluster))
    if (one.metadata.name !== name && isJobOver(one))
      await cluster.remove(jobAt(plan, one.metadata.name), { uid: one.metadata.uid ?? '' })
  await cluster.apply(jobOf(plan.preDeployJob, name, plan), manager)
}

export async function removeJob(
  rollout: Rollout,
  uid: string,
  cluster: Pick<Cluster, 'remove'>,
): Promise<void> {
  const { plan } = rollout
  if (plan.preDeployJob !== null)
    await cluster.remove(jobAt(plan, nameFor(plan.preDeployJob, rollout)), { uid })
}

/** The user's Job under the name of one rollout. */
export function jobOf(before: Job, name: string, { namespace, deployment }: Plan): Job {
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
    // A short lifetime would make the next run start it again; an abandoned Job is removed after a week.
    spec: { ...spec, ttlSecondsAfterFinished: 7 * 24 * 3600 },
  }
}

import type { At, Cluster, Job } from '@alt-las/kubernetes'
import { manager } from './names.ts'
import type { Plan } from './plan.ts'
import type { JobSight } from './sight.ts'

/** How far the Job of `before` is. */
export async function observeJob({ before }: Plan, cluster: Pick<Cluster, 'get'>): Promise<JobSight> {
  if (before === null) return { kind: 'none', because: '' }
  const found = await cluster.get<Job>(jobAt(before))
  const name = `the Job ${before.metadata.name}`
  if (found === null) return { kind: 'absent', because: `${name} has not been started` }
  const is = (type: string) =>
    found.status?.conditions?.find((one) => one.type === type && one.status === 'True')
  const failed = is('Failed')
  if (failed !== undefined)
    return {
      kind: 'failed',
      because: `${name} failed: ${failed.message ?? failed.reason ?? 'no reason given'}`,
    }
  return is('Complete') === undefined
    ? { kind: 'running', because: `${name} runs` }
    : { kind: 'succeeded', because: `${name} succeeded` }
}

export async function startJob({ before }: Plan, cluster: Pick<Cluster, 'apply'>): Promise<void> {
  if (before !== null) await cluster.apply(before, manager)
}

const jobAt = ({ apiVersion, kind, metadata }: Job): At => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace ?? 'default',
})

import type { At } from '@alt-las/kubernetes'
import type { Plan } from './plan.ts'

/** Where the plan's workload lives. */
export const workloadAt = ({ namespace, workload, deployment }: Plan): At => ({
  apiVersion: 'apps/v1',
  kind: workload,
  namespace,
  name: deployment,
})

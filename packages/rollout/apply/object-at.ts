import type { At } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'

export const deploymentAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
})

export const podAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace,
  name,
})

export const serviceAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
})

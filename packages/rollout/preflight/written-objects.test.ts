import type { Job } from '@alt-las/kubernetes'
import { expect, test } from '@jest/globals'
import { plan } from '../testing/facts.ts'
import { ownObjects } from './written-objects.ts'

test('a Job whose name is cut behind a dot keeps a valid name in the dry run', () => {
  const name = `${'a'.repeat(49)}.migration`
  const preDeployJob = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { template: { spec: { containers: [] } } },
  }
  const [job] = ownObjects(
    { ...plan, preDeployJob: preDeployJob as unknown as Job },
    { replicas: 0, service: null, services: [] },
  )
  expect(job?.metadata.name).toBe(`${'a'.repeat(49)}-dry-run`)
})

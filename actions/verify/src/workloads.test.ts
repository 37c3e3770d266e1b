import { expect, test } from '@jest/globals'
import type { KubeObject } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { deployment, pod } from './testing/objects.ts'
import { livePods } from './workloads.ts'

const controlledBy = (kind: string, uid: string) => [
  { apiVersion: 'apps/v1', kind, name: uid, uid, controller: true },
]
const owned = <T extends KubeObject>(object: T, kind: string, uid: string): T => ({
  ...object,
  metadata: { ...object.metadata, ownerReferences: controlledBy(kind, uid) },
})
const replicaSet = (uid: string, owner: string): KubeObject =>
  owned(
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: uid, namespace: 'shop', uid, labels: { app: 'web' } },
    },
    'Deployment',
    owner,
  )

test('pods of another workload that the selector covers too are not counted', async () => {
  const web = { ...deployment(), metadata: { ...deployment().metadata, uid: 'web' } }
  const pods = [
    owned(pod({ name: 'own' }), 'ReplicaSet', 'web-x'),
    owned(pod({ name: 'worker' }), 'ReplicaSet', 'worker-x'),
    pod({ name: 'without-owner' }),
  ]
  const cluster = fakeCluster({
    objects: [web, ...pods, replicaSet('web-x', 'web'), replicaSet('worker-x', 'worker')],
  })
  const found = await livePods(web, cluster)
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['own', 'without-owner'])
})

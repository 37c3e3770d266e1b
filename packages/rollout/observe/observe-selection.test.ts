import type { At, KubeObject } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { expect, test } from '@jest/globals'
import { observePods } from './observe-selection.ts'

const pod = (name: string, labels: Readonly<Record<string, string>>): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [] },
  }) as KubeObject

test('pods are read by as few selectors as take them all in, and each is there once', async () => {
  const cluster = fakeCluster({
    objects: [
      pod('a', { app: 'web', tier: 'front' }),
      pod('b', { app: 'web' }),
      pod('c', { app: 'other' }),
      pod('d', { part: 'x', app: 'web' }),
    ],
  })
  const asked: At[] = []
  cluster.hooks.beforeCall = ({ at }) => void asked.push(at)
  const selectors = [{ app: 'web' }, { app: 'web', tier: 'front' }, { app: 'web' }, { part: 'x' }]
  const found = await observePods('shop', selectors, cluster)
  expect(found.map(({ metadata }) => metadata.name).sort()).toEqual(['a', 'b', 'd'])
  expect(asked.map(({ labelSelector }) => labelSelector)).toEqual(['app=web', 'part=x'])
})

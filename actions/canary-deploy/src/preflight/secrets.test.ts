import { expect, test } from '@jest/globals'
import type { KubeObject } from '@alt-las/kubernetes'
import { neededSecrets } from './secrets.ts'

const object = (kind: string, name: string, rest: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  ...rest,
})
const pod = {
  imagePullSecrets: [{ name: 'pull' }],
  containers: [
    {
      env: [
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } },
        { name: 'EXTRA', valueFrom: { secretKeyRef: { name: 'extra', key: 'x', optional: true } } },
      ],
      envFrom: [{ secretRef: { name: 'settings' } }, { configMapRef: { name: 'plain' } }],
    },
  ],
  volumes: [
    { name: 'own', secret: { secretName: 'keys' } },
    { name: 'all', projected: { sources: [{ secret: { name: 'projected' } }] } },
  ],
}
const web = object('Deployment', 'web', { spec: { template: { spec: pod } } })
const names = (objects: readonly KubeObject[]) => neededSecrets(objects).map(({ name }) => name)

test('every Secret that a pod cannot start without is found, in whatever kind the pod is', () => {
  const expected = ['pull', 'database', 'settings', 'keys', 'projected']
  expect(names([web])).toEqual(expected)
  const nightly = object('CronJob', 'web', { spec: { jobTemplate: { spec: { template: { spec: pod } } } } })
  expect(names([nightly])).toEqual(expected)
})

test('a listener needs the certificate of its own namespace', () => {
  const tls = { certificateRefs: [{ name: 'web-tls' }, { name: 'other', namespace: 'elsewhere' }] }
  expect(neededSecrets([object('Gateway', 'front', { spec: { listeners: [{ tls }] } })])).toEqual([
    { name: 'web-tls', use: 'certificate', by: ['Gateway shop/front'] },
  ])
})

test('one that an object of the manifests makes is not asked for', () => {
  const makers = [
    object('Secret', 'database', {}),
    object('SealedSecret', 'settings', {}),
    object('Certificate', 'x', { spec: { secretName: 'keys' } }),
    object('ExternalSecret', 'y', { spec: { target: { name: 'projected' } } }),
    object('ExternalSecret', 'pull', { spec: {} }),
  ]
  expect(names([web, ...makers])).toEqual([])
})

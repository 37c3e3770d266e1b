import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import { describe, test } from '@jest/globals'
import type { Scenario } from './testing/scenario.ts'
import { type Case, expectPromotion, expectRefusal, foreign, put } from './testing/preflight-case.ts'

const quota = (hard: object, used: object, spec: object = {}) =>
  put({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small', namespace: 'shop' },
    spec,
    status: { hard, used },
  })
const job = (image: string): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace: 'shop' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image }] } } },
})
const live = (spec: object) => (here: Scenario) => {
  const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }
  const found = here.cluster.peek<Deployment>(at)
  if (found !== null) here.cluster.put({ ...found, spec: { ...found.spec, ...spec } })
}
const claimed = {
  template: { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } },
}
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop' },
  spec: { accessModes: ['ReadWriteOncePod'] },
}

const deadEnds: Readonly<Record<string, Case>> = {
  'a Deployment that was paused in the cluster': {
    prepare: live({ paused: true }),
    says: [
      'Deployment shop/web is paused in the cluster',
      'run `kubectl rollout resume deployment/web -n shop`',
    ],
  },
  'a paused one by a rolling update': {
    prepare: live({ paused: true }),
    with: { strategy: 'rolling', router: 'auto' },
    says: ['Deployment shop/web is paused in the cluster'],
  },
  'Recreate beside a canary': {
    second: { deployment: { strategy: { type: 'Recreate' } } },
    says: ['strategy Recreate', 'the canary would run beside stable', 'use `strategy: rolling`'],
  },
  'Recreate that was set in the cluster': {
    prepare: live({ strategy: { type: 'Recreate' } }),
    with: { strategy: 'blue-green', router: 'auto' },
    says: ['strategy Recreate', 'green would run beside blue'],
  },
  'minReadySeconds beyond ready-timeout': {
    second: { deployment: { minReadySeconds: 120 } },
    says: [
      'a pod of Deployment shop/web is available after 2m00s at the earliest (minReadySeconds 120), and ready-timeout is 2m00s',
      'set `ready-timeout` to more than 2m00s',
    ],
  },
  'a claim for one pod': {
    prepare: put(claim),
    second: { deployment: claimed },
    says: ['the claim data can be used by one pod at a time (ReadWriteOncePod)'],
  },
  'a quota that both versions do not fit in': {
    prepare: quota({ pods: '5' }, { pods: '3' }),
    says: ['ResourceQuota small: pods has 2 of 5 left, 4 more pods need 4', 'raise the quota by 2'],
  },
  'a quota that only the update of the workload breaks': {
    prepare: quota({ pods: '6' }, { pods: '3' }),
    says: [
      'pods has 3 of 6 left, 4 more pods need 4 (3 of the old and 3 of the new version, and 1 that the update of the Deployment itself adds at promotion)',
      'raise the quota by 1, or need fewer pods: fewer replicas, maxSurge 0',
    ],
  },
  'a quota of memory that a sidecar and an init container count in': {
    prepare: quota({ 'requests.memory': '1Gi' }, { 'requests.memory': '0' }),
    second: {
      deployment: {
        template: {
          spec: {
            initContainers: [
              {
                name: 'side',
                image: 'side',
                restartPolicy: 'Always',
                resources: { requests: { memory: '200Mi' } },
              },
              { name: 'init', image: 'init', resources: { requests: { memory: '100Mi' } } },
            ],
            containers: [
              { name: 'web', image: 'ghcr.io/alt-las/web', resources: { requests: { memory: '200Mi' } } },
            ],
          },
        },
      },
    },
    says: ['requests.memory has 1024Mi of 1024Mi left, 4 more pods need 1600Mi'],
  },
  'a selector that the API server would not change': {
    second: {
      deployment: {
        selector: { matchLabels: { app: 'web', version: '2' } },
        template: { metadata: { labels: { version: '2' } } },
      },
    },
    says: [
      'Deployment shop/web: ',
      'field is immutable',
      'a selector cannot change: keep that of the cluster',
    ],
  },
  'a Job of the same name with another template': {
    first: { more: [job('one')] },
    second: { more: [job('two')] },
    says: ['Job shop/migrate: ', 'field is immutable', 'give it another name in each release'],
  },
  'an object that the API server refuses': {
    second: { more: [{ ...(foreign as object), spec: { selector: {}, template: {} } }] },
    says: ['Deployment shop/worker: ', 'correct the object in the manifests'],
  },
  'no pods at all': {
    second: { deployment: { replicas: 0 } },
    says: ['the manifests give Deployment shop/web 0 replicas, so nothing would run'],
  },
}

describe('what would never come to its end is refused before the first write', () => {
  test.each(Object.entries(deadEnds))('%s', async (_name, one) => {
    await expectRefusal(one)
  })
})

const accepted: Readonly<Record<string, Case>> = {
  'a quota that counts other pods': {
    prepare: quota({ pods: '1' }, { pods: '1' }, { scopes: ['Terminating'] }),
    says: [],
  },
  'a quota that the rollout just fits in, since its update takes no pod more': {
    prepare: quota({ pods: '6' }, { pods: '3' }),
    second: { deployment: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } },
    says: [],
  },
  'a webhook that takes no dry runs': {
    prepare: ({ cluster }) => {
      cluster.failNext(
        { verb: 'dry-run', kind: 'Deployment', name: 'web-canary' },
        new Failure('invalid', 'admission webhook "x" does not support dry run', { fault: 'input' }),
      )
    },
    says: [],
  },
  'a Job of the same name that stays as it is': {
    first: { more: [job('one')] },
    second: { more: [job('one')] },
    says: [],
  },
  'Recreate by a rolling update': {
    second: { deployment: { strategy: { type: 'Recreate' } } },
    with: { strategy: 'rolling', router: 'auto' },
    says: [],
  },
}

describe('what comes to its end is not refused', () => {
  test.each(Object.entries(accepted))('%s', async (_name, one) => {
    await expectPromotion(one)
  })
})

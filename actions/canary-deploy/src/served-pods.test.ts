import type { Pod } from '@alt-las/kubernetes'
import { describe, test } from '@jest/globals'
import { v1 } from '../../../packages/rollout/testing/manifests.ts'
import { type Case, expectPromotion, expectRefusal, foreign, put } from './testing/preflight-case.ts'

const labels = (own: object) => ({ template: { metadata: { labels: own } } })
const service = (name: string, selector: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector, ports: [{ port: 80, targetPort: 8080 }] },
})
const withPort = (name: string) => ({
  template: {
    spec: {
      containers: [{ name: 'web', image: 'ghcr.io/alt-las/web', ports: [{ name, containerPort: 8080 }] }],
    },
  },
})
const refused: Readonly<Record<string, Case>> = {
  'a Service that gets a label which the running pods lack': {
    second: { deployment: labels({ tier: 'front' }), service: { selector: { tier: 'front' } } },
    says: [
      'as the manifests have it, Service shop/web selects 0 of the 3 ready pods that it selects now, the others lack tier=front',
      'change the selector in a later release',
    ],
  },
  'another Service of the manifests, too': {
    first: { more: [service('internal', { app: 'web' })] },
    second: { more: [service('internal', { app: 'web', tier: 'front' })] },
    says: ['Service shop/internal selects 0 of the 3 ready pods', 'tier=front'],
  },
  'also where the image stays': {
    with: { image: v1 },
    second: { service: { selector: { tier: 'front' } } },
    says: ['Service shop/web selects 0 of the 3 ready pods'],
  },
  'a Service that sends to a port by a name which the running pods lack': {
    first: { deployment: withPort('http'), service: { ports: [{ port: 80, targetPort: 'http' }] } },
    second: { deployment: withPort('web'), service: { ports: [{ port: 80, targetPort: 'web' }] } },
    says: ['Service shop/web sends to the port web, which the pods that it selects now do not have'],
  },
  'or by a number which they do not declare': {
    first: { deployment: withPort('http') },
    second: { service: { ports: [{ port: 80, targetPort: 9090 }] } },
    says: ['Service shop/web sends to the port 9090, which the pods that it selects now do not have'],
  },
  'pods of another Deployment behind the same Service': {
    prepare: put(foreign),
    says: [
      'Service shop/web also selects 2 ready pods of Deployment worker, which would get no request',
      'a label of their own',
    ],
  },
  'a pod without an owner behind the same Service': {
    prepare: put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'debug', namespace: 'shop', labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'debug' }] },
    }),
    says: ['Service shop/web also selects 1 ready pod of Pod debug'],
  },
  'a new template without a label that a Service selects by': {
    first: {
      deployment: labels({ tier: 'front' }),
      more: [service('internal', { app: 'web', tier: 'front' })],
    },
    says: ['the pods of the new version lack tier=front, by which Service shop/internal reaches them'],
  },
  'a new template without the port that the Service names': {
    first: { deployment: withPort('http'), service: { ports: [{ port: 80, targetPort: 'http' }] } },
    second: { deployment: withPort('web'), service: { ports: [{ port: 80, targetPort: 'http' }] } },
    says: ['the pods of the new version lack the port http, by which Service shop/web reaches them'],
  },
  'a Service without a selector': {
    prepare: put({ ...service('bare', {}), spec: { ports: [{ port: 80 }] } }),
    with: { service: 'bare', router: 'replicas', steps: { pauseAtPreview: false, steps: [] } },
    says: ['Service shop/bare has no selector', 'or name another one in `service`'],
  },
  'a Service of other pods': {
    prepare: put(service('other', { app: 'other' })),
    with: { service: 'other', router: 'replicas', steps: { pauseAtPreview: false, steps: [] } },
    says: ['Service shop/other selects none of the 3 ready pods of Deployment shop/web: they lack app=other'],
  },
}

describe('what would take pods from a Service is refused before the first write', () => {
  test.each(Object.entries(refused))('%s', async (_name, one) => {
    await expectRefusal(one)
  })
})

const accepted: Readonly<Record<string, Case>> = {
  'a Service whose selector gets wider': {
    first: { deployment: labels({ tier: 'front' }), service: { selector: { tier: 'front' } } },
    second: { deployment: labels({ tier: 'front' }) },
    says: [],
  },
  'a label that others give to the pods': {
    prepare: (here) => {
      for (const pod of here.cluster.all<Pod>('Pod')) {
        const labels = { ...pod.metadata.labels, 'mesh.example/rev': 'a' }
        here.cluster.put({ ...pod, metadata: { ...pod.metadata, labels } })
      }
      put(service('mesh', { app: 'web', 'mesh.example/rev': 'a' }))(here)
    },
    says: [],
  },
  'pods of another Deployment, with a rolling update': {
    prepare: put(foreign),
    with: { strategy: 'rolling', router: 'auto' },
    says: [],
  },
  'pods of another Deployment that are not ready': {
    prepare: (here) => {
      here.behaviours.set('worker', 'unready')
      put(foreign)(here)
    },
    says: [],
  },
}

describe('what takes no pod from a Service is not refused', () => {
  test.each(Object.entries(accepted))('%s', async (_name, one) => {
    await expectPromotion(one)
  })
})

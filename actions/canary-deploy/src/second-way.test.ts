import type { KubeObject, Service } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { manifests, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { type Case, expectPromotion, expectRefusal, put } from './testing/preflight-case.ts'
import { scenario } from './testing/scenario.ts'

const port = {
  name: 'grpc',
  port: 80,
  targetPort: 8080,
  protocol: 'TCP',
  appProtocol: 'kubernetes.io/h2c',
}
const shared = {
  sessionAffinity: 'ClientIP',
  sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
  trafficDistribution: 'PreferClose',
  internalTrafficPolicy: 'Local',
}
const way = {
  ...shared,
  ports: [{ ...port, nodePort: 30080 }],
  type: 'NodePort',
  externalTrafficPolicy: 'Local',
}
const annotations = {
  'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c',
  'external-dns.alpha.kubernetes.io/hostname': 'shop.example',
  'argocd.argoproj.io/tracking-id': 'shop:/Service:shop/web',
}

describe("the canary's Service is made like stable's", () => {
  test('in every field for requests to the pods, and without fields that belong to one Service', async () => {
    const here = scenario()
    await here.run({})
    const at = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' }
    const live = here.cluster.peek<Service>(at)
    here.cluster.put({
      ...live,
      metadata: { ...live?.metadata, annotations },
      spec: { ...live?.spec, ...way },
    } as Service)
    const made: Service[] = []
    here.cluster.hooks.afterCall = ({ verb, body }) => {
      const object = body as KubeObject
      if (verb === 'apply' && object.metadata.name === 'web-canary' && object.kind === 'Service')
        made.push(object as Service)
    }
    const files = manifests().filter(({ kind }) => kind !== 'Service')
    await here.run({ image: v2, release: 'r2' }, {}, { readManifests: () => Promise.resolve(files) })
    expect(made.length).toBeGreaterThan(1)
    for (const { metadata, spec } of made) {
      expect(spec).toMatchObject({ ...shared, ports: [port] })
      expect(Object.keys(spec)).not.toContain('externalTrafficPolicy')
      expect(spec.type).toBeUndefined()
      expect(spec.ports).toEqual([port])
      expect(Object.keys(metadata.annotations ?? {}).sort()).toEqual([
        'alt-las.dev/epoch',
        'traefik.ingress.kubernetes.io/service.serversscheme',
      ])
    }
  })
})

const tls = (...services: readonly string[]): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'BackendTLSPolicy',
  metadata: { name: 'tls', namespace: 'shop' },
  spec: { targetRefs: services.map((name) => ({ group: '', kind: 'Service', name })) },
})
const rule = (name: string, host: string): object => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name, namespace: 'shop' },
  spec: { host, trafficPolicy: { tls: { mode: 'SIMPLE' } } },
})
const special: object = {
  apiVersion: 'policies.example/v1',
  kind: 'RetryPolicy',
  metadata: { name: 'retry', namespace: 'shop' },
  spec: { targetRef: { kind: 'Service', name: 'web' } },
}

const refused: Readonly<Record<string, Case>> = {
  'a BackendTLSPolicy of the Service': {
    prepare: put(tls('web')),
    says: [
      'BackendTLSPolicy shop/tls applies to the Service web, and no policy to the Service web-canary',
      'name the Service web-canary in its spec.targetRefs as well',
    ],
  },
  'one that the manifests bring': {
    second: { more: [tls('web')] },
    says: ['BackendTLSPolicy shop/tls applies to the Service web'],
  },
  'a policy of any kind that the manifests bring': {
    second: { more: [special] },
    says: ['RetryPolicy shop/retry applies to the Service web'],
  },
  'a DestinationRule of the host': {
    prepare: put(rule('web', 'web.shop.svc.cluster.local'), rule('mesh', '*.shop.svc.cluster.local')),
    says: [
      'DestinationRule shop/web applies to the Service web',
      'add a DestinationRule of the host web-canary with the same trafficPolicy',
    ],
  },
}

describe('what attaches to the Service by name and not to the second one is refused before the first write', () => {
  test.each(Object.entries(refused))('%s', async (_name, one) => {
    await expectRefusal(one)
  })
})

const accepted: Readonly<Record<string, Case>> = {
  'a policy of both': { prepare: put(tls('web', 'web-canary')), says: [] },
  'that the manifests widen': {
    prepare: put(tls('web')),
    second: { more: [tls('web', 'web-canary')] },
    says: [],
  },
  'a rule for all hosts, or one for each': {
    prepare: put(rule('mesh', '*.local'), rule('web', 'web'), rule('canary', 'web-canary')),
    says: [],
  },
  'another policy, of another Service': { prepare: put(tls('other')), says: [] },
  'where the selector is the switch': {
    prepare: put(tls('web')),
    with: { strategy: 'blue-green', router: 'auto' },
    says: [],
  },
}

describe('what holds for both Services is not refused', () => {
  test.each(Object.entries(accepted))('%s', async (_name, one) => {
    await expectPromotion(one)
  })
})

import type { Http, HttpRequest } from '@alt-las/http'
import type { HTTPRoute, KubeObject, Pod } from '@alt-las/kubernetes'
import type { RouterKind } from '@alt-las/routers'
import { type Preset, parseAddress, presets } from '@alt-las/telemetry'
import { fakeClock, fakePrometheus } from '@alt-las/testing'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import type { Plan } from '../model/plan.ts'
import { manifests } from '../testing/manifests.ts'
import { versionsOf } from './backends.ts'
import { choosePreset } from './choose-preset.ts'
import { type MetricsSource, metricScrapes } from './metric-scrapes.ts'

const [deployment, service] = manifests()
const planOf = (router: RouterKind) =>
  ({
    namespace: 'shop',
    deployment: 'web',
    service: 'web',
    canaryService: 'web-canary',
    router,
    desired: deployment,
  }) as unknown as Plan

const pod = (name: string, podIP: string, canary = false): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    labels: { app: 'web', ...(canary ? { 'alt-las.dev/track': 'canary' } : {}) },
  },
  spec: { containers: [] },
  status: { podIP },
})

const route = (name: string, backend: string, controllerName: string): HTTPRoute => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace: 'shop' },
  spec: { rules: [{ backendRefs: [{ name: backend, port: 80 }] }] },
  status: { parents: [{ parentRef: { name: 'gw' }, controllerName }] },
})

const clusterOf = (...objects: readonly KubeObject[]) => fakeCluster({ objects: [...objects] })

describe('choosePreset', () => {
  test.each([
    ['traefik', 'traefik'],
    ['istio', 'istio'],
    ['replicas', 'pods'],
    ['service', 'pods'],
    ['gateway-api', 'traefik'],
  ] as const)('the router %s has the counters of %s', async (router, name) => {
    expect((await choosePreset(planOf(router), clusterOf())).name).toBe(name)
  })

  test.each([
    ['gateway.envoyproxy.io/gatewayclass-controller', 'envoy-gateway'],
    ['gateway.nginx.org/nginx-gateway-controller', 'nginx-gateway-fabric'],
    ['istio.io/gateway-controller', 'istio'],
    ['traefik.io/gateway-controller', 'traefik'],
    ['example.com/unknown', 'traefik'],
  ])('a route that %s has accepted has the counters of %s', async (controller, name) => {
    const cluster = clusterOf(
      route('a', 'other', 'istio.io/gateway-controller'),
      route('b', 'web', controller),
    )
    expect((await choosePreset(planOf('gateway-api'), cluster)).name).toBe(name)
  })
})

describe('versionsOf', () => {
  test('pods belong to the version that they are marked as', async () => {
    const cluster = clusterOf(service as KubeObject, pod('web-1', '10.0.0.1'), pod('web-c', '10.0.0.2', true))
    const { canary, stable, switched } = await versionsOf(planOf('replicas'), null, cluster)()
    expect(stable).toMatchObject({ service: 'web', ports: ['80'], pods: [{ name: 'web-1', ip: '10.0.0.1' }] })
    expect(canary).toMatchObject({ service: 'web-canary', pods: [{ name: 'web-c', ip: '10.0.0.2' }] })
    expect(switched).toBeNull()
  })

  const ported = (router: Plan['router'], ...objects: readonly object[]) =>
    versionsOf(
      planOf(router),
      null,
      clusterOf(service as KubeObject, ...(objects as readonly KubeObject[])),
    )()
  test('a route of Traefik with one backend is counted under its own name', async () => {
    const match = 'Host(`ingressroute.lab`) && PathPrefix(`/`)'
    const services = [{ name: 'web', port: 80 }]
    const of = (...all: readonly object[]) => ({
      ...ingress(80),
      spec: {
        routes: [
          { match: 'Host(`other`)', services: [{ name: 'api' }] },
          { match, services: all },
        ],
      },
    })
    const alone = await ported('traefik', of(...services))
    // The first bytes of the rule's SHA-256, as Traefik itself has named it.
    expect(alone.stable.names).toEqual(['shop-web-90cb07c950882b559e86'])
    expect(alone.canary.names).toBeUndefined()
    const both = await ported('traefik', of(...services, { name: 'web-canary', port: 80 }))
    expect(both.stable.names).toBeUndefined()
  })

  const ingress = (port: number | string) => ({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { routes: [{ services: [{ name: 'web', port }] }] },
  })
  const second = {
    ...route('web', 'web', ''),
    spec: { rules: [{ backendRefs: [{ name: 'web', port: 9000 }] }] },
  }

  test.each([
    ['gateway-api', [second], ['9000']],
    [
      'gateway-api',
      [second, { ...route('b', 'web', ''), metadata: { name: 'b', namespace: 'shop' } }],
      ['80', '9000'],
    ],
    ['gateway-api', [second, route('b', 'other', '')], ['9000']],
    ['service', [second], ['9000']],
    ['traefik', [ingress('http')], ['http']],
    ['traefik', [ingress(8080)], ['8080']],
    ['replicas', [second], ['80']],
  ] as const)('with %s the ports are those that the routes name', async (router, objects, ports) => {
    const { canary, stable } = await ported(router, ...objects)
    expect([...stable.ports].sort()).toEqual(ports)
    expect([...canary.ports].sort()).toEqual(ports)
  })

  test('a pod that has gone is remembered until another one has its address', async () => {
    let pods = [pod('web-1', '10.0.0.1')]
    const cluster = { ...clusterOf(), list: () => Promise.resolve(pods as never) }
    const versions = versionsOf(planOf('replicas'), null, cluster)
    await versions()
    pods = []
    expect((await versions()).stable.pods).toMatchObject([{ name: 'web-1', ip: '10.0.0.1' }])
    pods = [pod('web-c', '10.0.0.1', true)]
    const { canary, stable } = await versions()
    expect(stable.pods).toMatchObject([{ name: 'web-1', ip: '' }])
    expect(canary.pods).toMatchObject([{ name: 'web-c', ip: '10.0.0.1' }])
  })

  test('a Service whose selector was switched goes on under its own name', async () => {
    const { canary } = await versionsOf(planOf('service'), { begun: 1, done: 2 }, clusterOf())()
    expect(canary.service).toBe('web')
  })
})

const noHttp = { send: () => Promise.reject(new Error('not asked for')) }

describe('metricScrapes', () => {
  test.each([
    [null, undefined],
    ['t', 'Bearer t'],
  ])(
    'a source in the open is asked over the sender it is given, with the token %p as %p',
    async (token, header) => {
      const seen: HttpRequest[] = []
      const http: Http = {
        send: (request) => {
          seen.push(request)
          return Promise.reject(new Error('far away'))
        },
      }
      const from = { ...source('https://prom.example'), metricsToken: token }
      const proxy = { get: () => Promise.reject(new Error('not asked for')) }
      const scrapes = metricScrapes(from, { cluster: clusterOf(), proxy, http }, fakeClock())
      await scrapes.next(planOf('gateway-api'), null, { weight: 0, settledMs: 0 }).catch(() => undefined)
      expect(seen[0]?.url.host).toBe('prom.example')
      expect(seen[0]?.headers?.['authorization']).toBe(header)
    },
  )

  const source = (url: string, metrics: Preset | null = null): MetricsSource => ({
    metricsUrl: parseAddress(url),
    metricsToken: null,
    metrics,
  })

  function world(url: string, metrics: Preset | null = null) {
    const clock = fakeClock()
    const server = fakePrometheus(clock.now)
    const cluster = clusterOf(service as KubeObject, pod('web-1', '10.0.0.1'), pod('web-c', '10.0.0.2', true))
    const proxy = { get: (_: unknown, path: string) => server.fetch(path) }
    return {
      clock,
      server,
      scrapes: metricScrapes(source(url, metrics), { cluster, proxy, http: noHttp }, clock),
    }
  }

  const prometheus = 'service://shop/prometheus:9090'

  test.each([
    ['gateway-api', 0.25],
    ['replicas', 0.25],
    ['service', null],
  ] as const)('with the router %s a block of settled weight carries %s', async (router, weight) => {
    const { clock, server, scrapes } = world(prometheus, presets['pods'] ?? null)
    const of = (ip: string) => `instance="${ip}:8080"`
    for (const ip of ['10.0.0.1', '10.0.0.2']) server.set(`up{${of(ip)}}`, 1)
    const scrape = () => {
      for (const ip of ['10.0.0.1', '10.0.0.2']) server.add(`http_requests_total{${of(ip)},code="200"}`, 7)
      server.scrape()
    }
    scrape()
    const split = { weight: 25, settledMs: 60_000 }
    const start = await scrapes.next(planOf(router), null, split)
    if (start.kind !== 'start') throw new Error(JSON.stringify(start))
    clock.advance(5000)
    scrape()
    expect(await scrapes.next(planOf(router), start.readTo, split)).toMatchObject({
      kind: 'block',
      block: { canary: { requests: 7, errors: 0 }, stable: { requests: 7, errors: 0 }, weight },
    })
    expect(await scrapes.history(planOf(router))).toMatchObject({
      counted: 'pods',
      blocks: [{ stable: { requests: 7 }, weight: null }],
    })
  })

  test('what a source said before is remembered: an empty one becomes a lasting state', async () => {
    const { clock, scrapes } = world(prometheus)
    const split = { weight: 0, settledMs: 0 }
    expect(await scrapes.next(planOf('gateway-api'), null, split)).toMatchObject({ lasting: false })
    clock.advance(120_000)
    expect(await scrapes.next(planOf('gateway-api'), null, split)).toMatchObject({ lasting: true })
  })

  test('pods are not at one address', async () => {
    const { scrapes } = world('scrape+service://shop/web:80/metrics')
    await expect(scrapes.next(planOf('replicas'), null, { weight: 0, settledMs: 0 })).rejects.toThrow(
      'metrics of pods cannot be scraped at one address',
    )
  })

  test('without a source nothing is measured, and it says so', async () => {
    const { cluster } = { cluster: clusterOf() }
    const proxy = { get: () => Promise.reject(new Error('never')) }
    const scrapes = metricScrapes(
      { metricsUrl: null, metricsToken: null, metrics: null },
      { cluster, proxy, http: noHttp },
      fakeClock(),
    )
    await expect(scrapes.next(planOf('replicas'), null, { weight: 0, settledMs: 0 })).rejects.toThrow(
      'there is no source of metrics',
    )
    await expect(scrapes.history(planOf('replicas'))).rejects.toThrow('there is no source of metrics')
  })
})

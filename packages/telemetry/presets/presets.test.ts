import { describe, expect, test } from '@jest/globals'
import { fakeClock, fakePrometheus } from '@alt-las/testing'
import { meter, parsePreset, presets, prometheus, type Backend, type Reading } from '../index.ts'

const backend = (role: 'canary' | 'stable', ip: string): Backend => {
  const name = role === 'canary' ? 'api-canary' : 'api'
  const pods = [{ name: `${name}-6fb58bcd6b-gm2gm`, ip }]
  return { role, namespace: 'shop', service: name, ports: ['80', 'http'], deployment: name, pods }
}
const arms = {
  canary: backend('canary', '10.244.0.59'),
  stable: { ...backend('stable', '10.244.0.57'), names: ['shop-web-90cb07c950882b559e86'] },
  switched: null,
}

/** Series as the source exposes them, with what each grows by; then one block of it. */
async function blockOf(
  metrics: string,
  grown: Readonly<Record<string, number>>,
  still: readonly string[] = [],
) {
  const clock = fakeClock()
  const server = fakePrometheus(clock.now)
  const source = prometheus(server.fetch, clock)
  const reader = meter(() => Promise.resolve(arms), parsePreset(metrics), { source, clock })
  for (const series of still) server.set(series, 1)
  for (const series of Object.keys(grown)) server.set(series, 1000)
  server.scrape()
  const start = await reader.read(null)
  if (start.kind !== 'start') return start
  for (const [series, by] of Object.entries(grown)) server.add(series, by)
  clock.advance(5000)
  server.scrape()
  return reader.read(start.at)
}

const counts = (reading: Reading) => {
  if (reading.kind !== 'block') throw new Error(JSON.stringify(reading))
  const { canary, stable } = reading.block
  const judged = (arm: object) =>
    Object.fromEntries(Object.entries(arm).filter(([name]) => name !== 'redirects' && name !== 'rejects'))
  return { canary: judged(canary), stable: judged(stable) }
}

describe('presets', () => {
  test('traefik: routes of the Gateway API and its own objects, and no Service of a longer name; who hung up got no answer', async () => {
    const of = (service: string, code: string) =>
      `traefik_service_requests_total{code="${code}",method="GET",protocol="http",service="${service}"}`
    const reading = await blockOf(
      'traefik',
      {
        [of('shop-api-http-80@kubernetesgateway', '200')]: 90,
        [of('shop-api-http-80@kubernetesgateway', '503')]: 1,
        [of('shop-api-80@kubernetescrd', '200')]: 1,
        [of('shop-api-http@kubernetescrd', '200')]: 2,
        [of('shop-web-90cb07c950882b559e86@kubernetescrd', '200')]: 6,
        [of('shop-api-canary-http-80@kubernetesgateway', '200')]: 10,
        [of('shop-api-canary-http-80@kubernetesgateway', '499')]: 2,
        [of('shop-api-canary-http-80@kubernetesgateway', '500')]: 4,
        [of('shop-api-other-http-80@kubernetesgateway', '200')]: 500,
        [of('shop-api-http-8080@kubernetesgateway', '200')]: 500,
      },
      ['traefik_config_last_reload_success'],
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 14, errors: 4 },
      stable: { requests: 100, errors: 1 },
    })
  })

  test('traefik: redirects and rejects are counted by their status', async () => {
    const of = (service: string, code: string) =>
      `traefik_service_requests_total{code="${code}",service="shop-${service}-http-80@kubernetesgateway"}`
    const reading = await blockOf(
      'traefik',
      {
        [of('api', '200')]: 90,
        [of('api', '404')]: 1,
        [of('api-canary', '404')]: 8,
        [of('api-canary', '302')]: 2,
      },
      ['traefik_config_last_reload_success'],
    )
    expect(reading).toMatchObject({
      block: {
        canary: { requests: 10, redirects: 2, rejects: 8 },
        stable: { requests: 91, redirects: 0, rejects: 1 },
      },
    })
  })

  test('istio: what the calling side reports; no answer is an error, or no request where the client hung up; latency in ms', async () => {
    const labels = (service: string, more: string) =>
      `{reporter="source",destination_service_name="${service}",destination_service_namespace="shop",${more}}`
    const of = (service: string, more: string) => `istio_requests_total${labels(service, more)}`
    const bucket = (service: string, le: string) =>
      `istio_request_duration_milliseconds_bucket${labels(service, `response_code="200",le="${le}"`)}`
    const reading = await blockOf('istio', {
      [of('api', 'request_protocol="http",response_code="200",response_flags="-"')]: 90,
      [of('api-canary', 'request_protocol="http",response_code="200",response_flags="-"')]: 10,
      [of('api-canary', 'request_protocol="http",response_code="503",response_flags="UF"')]: 5,
      [of('api-canary', 'request_protocol="http",response_code="0",response_flags="UC"')]: 2,
      [of('api-canary', 'request_protocol="http",response_code="0",response_flags="DC"')]: 3,
      [of('api-canary', 'request_protocol="grpc",response_code="200",grpc_response_status="14"')]: 1,
      [of('api-canary', 'request_protocol="grpc",response_code="200",grpc_response_status="5"')]: 1,
      [of('api-canary', 'request_protocol="http",response_code="500"').replace('source', 'destination')]: 99,
      [bucket('api', '250')]: 60,
      [bucket('api', '1000')]: 80,
      [bucket('api', '+Inf')]: 90,
      [bucket('api-canary', '250')]: 1,
      [bucket('api-canary', '1000')]: 9,
      [bucket('api-canary', '+Inf')]: 22,
    })
    expect(counts(reading)).toEqual({
      canary: { requests: 19, errors: 8, latency: { bounds: [0.25, 1], counts: [1, 8, 13] } },
      stable: { requests: 90, errors: 0, latency: { bounds: [0.25, 1], counts: [60, 20, 10] } },
    })
  })

  test('envoy-gateway: one cluster for both versions, told apart by the addresses of their pods', async () => {
    const of = (which: string, address: string) =>
      `envoy_cluster_endpoint_rq_${which}{envoy_cluster_name="httproute/shop/api/rule/0",envoy_endpoint_address="${address}"}`
    const reading = await blockOf('envoy-gateway', {
      [of('success', '10.244.0.57:8080')]: 90,
      [of('error', '10.244.0.57:8080')]: 1,
      [of('success', '10.244.0.59:8080')]: 10,
      [of('error', '10.244.0.59:8080')]: 4,
      [of('total', '10.244.0.59:8080')]: 14,
      [of('error', '10.244.0.5:8080')]: 99,
      [of('error', '10.244.0.59:8080').replace('shop', 'other')]: 99,
    })
    expect(counts(reading)).toEqual({
      canary: { requests: 14, errors: 4 },
      stable: { requests: 91, errors: 1 },
    })
  })

  test.each([
    ['honoured labels', 'namespace="shop",service="api"'],
    ['exported labels', 'namespace="ingress-nginx",exported_namespace="shop",exported_service="api"'],
  ])('ingress-nginx with %s: requests to the canary keep the service and carry `canary`', async (_, main) => {
    const of = (canary: string, status: string) =>
      `nginx_ingress_controller_requests{${main},ingress="web",canary="${canary}",status="${status}",controller_pod="ic-1"}`
    const reading = await blockOf(
      'ingress-nginx',
      {
        [of('', '200')]: 90,
        [of('', '502')]: 1,
        [of('shop-api-canary-80', '200')]: 10,
        [of('shop-api-canary-80', '5xx')]: 2,
        [of('shop-api-canary-two-80', '500')]: 99,
      },
      ['nginx_ingress_controller_config_last_reload_successful{controller_pod="ic-1"}'],
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 12, errors: 2 },
      stable: { requests: 91, errors: 1 },
    })
  })

  test('nginx-gateway-fabric: responses of NGINX Plus per upstream by class', async () => {
    const of = (upstream: string, range: string, peer: string) =>
      `nginx_http_upstream_peer_responses_total{nginx_upstream_name="${upstream}",nginx_status_range="${range}",nginx_peer_address="${peer}"}`
    const reading = await blockOf(
      'nginx-gateway-fabric',
      {
        [of('shop_api_80', '2xx', 'a')]: 90,
        [of('shop_api_80', '5xx', 'a')]: 1,
        [of('shop_api-canary_80', '2xx', 'b')]: 10,
        [of('shop_api-canary_80', '5xx', 'c')]: 2,
        [of('shop_api_8080', '5xx', 'c')]: 99,
      },
      ['nginx_http_requests_total'],
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 12, errors: 2 },
      stable: { requests: 91, errors: 1 },
    })
  })

  test.each([
    ['by the label pod', (pod: Backend) => `pod="${pod.pods[0]?.name ?? ''}",namespace="shop"`],
    ['by the address', (pod: Backend) => `instance="${pod.pods[0]?.ip ?? ''}:8080"`],
  ])('pods: the own counters of each version, known %s; probes are no traffic', async (_, labels) => {
    const instance = (pod: Backend) => `instance="${pod.pods[0]?.ip ?? ''}:8080",${labels(pod)}`
    const of = (pod: Backend, code: string, route: string) =>
      `http_requests_total{${instance(pod)},code="${code}",method="GET",route="${route}"}`
    const { canary, stable } = arms
    const reading = await blockOf(
      'pods',
      {
        [of(stable, '200', '/work')]: 90,
        [of(stable, '503', '/work')]: 1,
        [of(canary, '200', '/work')]: 10,
        [of(canary, '500', '/work')]: 4,
        [of(canary, '200', '/readyz')]: 99,
        [of(canary, '200', '/healthz')]: 99,
        [of(canary, '200', '/health')]: 99,
        [of(canary, '200', '/metrics')]: 99,
        [of(canary, '200', '/healthy-food')]: 1,
        'http_requests_total{instance="10.244.0.99:8080",code="500",route="/work"}': 99,
      },
      [`up{${instance(stable)}}`, `up{${instance(canary)}}`],
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 15, errors: 4 },
      stable: { requests: 91, errors: 1 },
    })
  })

  test('own queries: one selector for both versions with a placeholder, errors by a counter of their own', async () => {
    const reading = await blockOf(
      `
      # the counters of our sidecar
      requests: proxied_total{app="{{service}}"}
      errors: proxy_failures_total{app="{{service}}",kind!="client"}
      latency: proxy_ms_bucket{app="{{ service }}"}
      `,
      {
        'proxied_total{app="api"}': 90,
        'proxied_total{app="api-canary"}': 10,
        'proxy_failures_total{app="api-canary",kind="upstream"}': 4,
        'proxy_failures_total{app="api-canary",kind="client"}': 4,
        'proxy_ms_bucket{app="api",le="100"}': 80,
        'proxy_ms_bucket{app="api",le="+Inf"}': 90,
      },
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 10, errors: 4, latency: { bounds: [0.1], counts: [0, 0] } },
      stable: { requests: 90, errors: 0, latency: { bounds: [0.1], counts: [80, 10] } },
    })
  })

  test('own queries: a selector for each version', async () => {
    const reading = await blockOf(
      'canary requests: hits{slot="b"}\nstable requests: hits{slot="a"}\nerrors: faults{slot="x"}',
      { 'hits{slot="a"}': 90, 'hits{slot="b"}': 10 },
    )
    expect(counts(reading)).toEqual({
      canary: { requests: 10, errors: 0 },
      stable: { requests: 90, errors: 0 },
    })
  })

  test('errors that are not among the requests are named', async () => {
    const reading = await blockOf('requests: a{s="{{service}}"}\nerrors: b{s="{{service}}"}', {
      'a{s="api"}': 5,
      'b{s="api"}': 9,
    })
    expect(reading).toMatchObject({ kind: 'blind', why: 'not-a-number', lasting: true })
    expect(reading).toMatchObject({ because: expect.stringContaining('9 errors of 5 requests') as unknown })
  })

  test('a service without any request yet is no missing source', async () => {
    expect(await blockOf('istio', {})).toMatchObject({ kind: 'blind', why: 'empty', lasting: false })
  })
})

describe('parsePreset', () => {
  test.each(Object.keys(presets))('%s is known by its name', (name) => {
    expect(parsePreset(` ${name}\n`).name).toBe(name)
  })

  test.each([
    ['nginx', 'expected traefik, istio, envoy-gateway, ingress-nginx, nginx-gateway-fabric, pods'],
    ['requests: rate(a{s="{{service}}"}[1m])', 'raw counters are read, without rate()'],
    ['requests: a{s="{{service}}"}[1m]', 'expected a selector'],
    ['requests: a{s="{{pod}}"}', '{{pod}} is not a placeholder, expected {{namespace}}'],
    ['requests: a{s="x"}', 'to distinguish the versions'],
    ['canary requests: a', 'stable requests: is missing'],
    ['errors: a{s="{{service}}"}', 'canary requests: is missing'],
    ['requests: a{s="{{service}}"}\nlatencies: b', 'got the line "latencies: b"'],
    ['requests: a{s="{{service}}"}\ncanary errors: b', 'errors: given for one version only'],
    ['requests: ', 'got "", expected a selector'],
  ])('%j is refused by name', (text, why) => {
    expect(() => parsePreset(text)).toThrow(why)
  })
})

import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { Pod } from '@alt-las/kubernetes'
import { prometheus } from '@alt-las/telemetry'
import { fakeClock, fakePrometheus } from '@alt-las/testing'
import { clusterWith } from '../../testing/cluster.ts'
import { deployment, pod } from '../../testing/objects.ts'
import { watchLoad } from './watch-load.ts'

const selection = { namespace: 'shop', workloads: { kind: 'all' } } as const

function limited(name: string, ip: string): Pod {
  const one = pod({ name: `${name}-1` })
  const containers = one.spec.containers.map((container) => ({
    ...container,
    resources: { limits: { cpu: '200m', memory: '128Mi' } },
  }))
  return {
    ...one,
    metadata: { ...one.metadata, labels: { app: name } },
    spec: { ...one.spec, nodeName: 'n1', containers },
    status: { ...one.status, podIP: ip },
  }
}

test('reads what the pods say while the load runs, by their names or addresses', async () => {
  const clock = fakeClock()
  const fake = fakePrometheus(() => clock.now())
  const counters: Readonly<Record<string, number>> = {
    'http_request_duration_seconds_sum{job="s",instance="10.0.0.7:8080",route="/d"}': 40,
    'http_request_duration_seconds_count{job="s",instance="10.0.0.7:8080",route="/d"}': 100,
    'http_request_duration_seconds_sum{job="s",instance="10.0.0.7:8080",route="/readyz"}': 9000,
    'http_request_duration_seconds_count{job="s",instance="10.0.0.7:8080",route="/readyz"}': 9000,
    'http_request_duration_seconds_sum{job="s",pod="web-1",namespace="shop"}': 45,
    'http_request_duration_seconds_count{job="s",pod="web-1",namespace="shop"}': 100,
    'http_client_request_duration_seconds_sum{job="s",pod="web-1",namespace="shop"}': 42,
    'process_cpu_seconds_total{job="s",pod="web-1",namespace="shop"}': 1,
    'db_client_connection_use_time_seconds_sum{job="s",instance="10.0.0.7:8080"}': 0.5,
    'db_client_connection_use_time_seconds_count{job="s",instance="10.0.0.7:8080"}': 100,
  }
  const gauges: Readonly<Record<string, number>> = {
    'db_client_connection_count{job="s",instance="10.0.0.7:8080",state="used"}': 2,
    'db_client_connection_count{job="s",instance="10.0.0.7:8080",state="idle"}': 0,
    'db_client_connection_max{job="s",instance="10.0.0.7:8080"}': 2,
    'db_client_connection_pending_requests{job="s",instance="10.0.0.7:8080"}': 40,
  }
  for (const [series, value] of Object.entries({ ...counters, ...gauges })) fake.set(series, value)
  fake.scrape()
  const cluster = clusterWith([
    ...[deployment('web'), limited('web', '10.0.0.6')],
    ...[deployment('db-api'), limited('db-api', '10.0.0.7')],
  ])
  const nodes = {
    get: () => Promise.reject(new Failure('forbidden', 'it is forbidden', { fault: 'outside' })),
  }
  const watch = await watchLoad(selection, { cluster, nodes, metrics: prometheus(fake.fetch, clock) })
  clock.advance(20_000)
  for (const [series, by] of Object.entries(counters)) fake.add(series, by)
  fake.scrape()
  const found = await watch.bottleneck(20_000)
  expect(found).toMatchObject({
    slowest: 'db-api',
    saturated: { service: 'db-api', resource: 'connections' },
    missing: ['throttling and CPU of the pods on node n1 (it is forbidden)'],
  })
  expect(found.because).toContain(
    '40 requests wait for one of its 2 database connections, each used for 5 ms',
  )
  expect(found.because).toContain('the slowest service is db-api: 400 ms a request')
})

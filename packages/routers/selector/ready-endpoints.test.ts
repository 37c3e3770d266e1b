import type { EndpointSlice } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { expect, test } from '@jest/globals'
import { readyEndpoints } from './ready-endpoints.ts'

const pod = (name: string, address: string, ready = true) => ({
  addresses: [address],
  conditions: { ready },
  targetRef: { kind: 'Pod', name },
})
const slice = (name: string, addressType: string, endpoints: unknown): EndpointSlice =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType,
    endpoints,
  }) as EndpointSlice
const behind = (...objects: readonly EndpointSlice[]) =>
  readyEndpoints({ namespace: 'shop', service: 'web' }, fakeCluster({ objects }))

test('a pod of a dual-stack Service counts once', async () => {
  const four = slice('web-4', 'IPv4', [pod('a', '10.0.0.1'), pod('b', '10.0.0.2')])
  const six = slice('web-6', 'IPv6', [pod('a', 'fd00::1'), pod('b', 'fd00::2')])
  expect([...(await behind(four, six))]).toEqual(['a', 'b'])
})

test('pods that are not ready, and slices without endpoints, count nothing', async () => {
  const one = slice('web-1', 'IPv4', [pod('a', '10.0.0.1', false), pod('b', '10.0.0.2')])
  expect([...(await behind(one, slice('web-2', 'IPv4', null)))]).toEqual(['b'])
})

test('an endpoint that is no pod counts by its address', async () => {
  const one = slice('web-1', 'IPv4', [{ addresses: ['192.0.2.7'], conditions: {} }])
  expect([...(await behind(one))]).toEqual(['192.0.2.7'])
})

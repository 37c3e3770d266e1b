import { describe, expect, test } from '@jest/globals'
import { nameBottleneck } from './name-bottleneck.ts'
import type { ServiceUsage, Usage } from './usage.ts'

const service = (name: string, overrides: Partial<ServiceUsage> = {}): ServiceUsage => ({
  ...{ name, pods: 2, served: { perSecond: 50, meanMs: 10, callsMs: null } },
  cpu: { cores: 0.1, limit: 1, throttled: 0 },
  memory: { bytes: 64 << 20, limit: 256 << 20 },
  connections: null,
  ...overrides,
})
const named = (services: readonly ServiceUsage[], rest: Partial<Usage> = {}) =>
  nameBottleneck({ services, nodes: [], missing: [], ...rest })
const waiting = { used: 5, max: 5, pending: 12.34, useMs: 4 }

describe('the bottleneck', () => {
  test('is nothing where nothing is used up, and the slowest service is named', () => {
    const slow = service('archive', { served: { perSecond: 50, meanMs: 30, callsMs: null } })
    const gateway = service('gateway', { served: { perSecond: 50, meanMs: 35, callsMs: 31 } })
    expect(named([gateway, slow, service('ai')])).toEqual({
      slowest: 'archive',
      saturated: null,
      because: 'no resource is used up; the slowest service is archive: 30 ms a request',
      missing: [],
    })
  })

  test.each<[string, Partial<ServiceUsage>, string | null, string]>([
    [
      'a CPU limit that is reached',
      { cpu: { cores: 0.19, limit: 0.2, throttled: null } },
      'cpu',
      '0.19 of 0.2',
    ],
    [
      'throttling',
      { cpu: { cores: 0.1, limit: 0.2, throttled: 0.4 } },
      'cpu',
      'throttled in 40% of the time',
    ],
    [
      'a little throttling',
      { cpu: { cores: 0.1, limit: 0.2, throttled: 0.2 } },
      null,
      'no resource is used up',
    ],
    [
      'a CPU without a limit',
      { cpu: { cores: 9, limit: null, throttled: 0 } },
      null,
      'no resource is used up',
    ],
    ['full memory', { memory: { bytes: 250 << 20, limit: 256 << 20 } }, 'memory', '250 MiB of 256 MiB'],
    [
      'a pool that is too small',
      { connections: waiting },
      'connections',
      'x has too few database connections: 12.3 requests wait for one of its 5 database connections, each used for 4 ms',
    ],
    [
      'a slow query',
      { connections: { ...waiting, useMs: 180 } },
      'database',
      'the database of x is slow: a query takes 180 ms, and 12.3 requests wait for one of its 5 database connections',
    ],
    ['a pool that is used and enough', { connections: { ...waiting, pending: 0.2 } }, null, 'no resource'],
  ])('%s', (_, overrides, resource, because) => {
    const found = named([service('a'), service('x', overrides)])
    expect(found.saturated?.resource ?? null).toBe(resource)
    expect(found.because).toContain(because)
  })

  test('is where requests spend their time: a service that waits for another is not it', () => {
    const cpu = { cores: 0.2, limit: 0.2, throttled: 0.3 }
    const gateway = service('gateway', { cpu, served: { perSecond: 50, meanMs: 400, callsMs: 390 } })
    const archive = service('archive', {
      connections: waiting,
      served: { perSecond: 50, meanMs: 390, callsMs: null },
    })
    expect(named([gateway, archive]).saturated).toMatchObject({ service: 'archive', resource: 'connections' })
  })

  test('is the node where its pods are not at a limit, and is said beside one that is', () => {
    const nodes = [{ name: 'n1', cores: 1.97, capacity: 2 }]
    expect(named([service('a')], { nodes }).saturated).toMatchObject({ service: null, resource: 'node-cpu' })
    const both = named([service('a', { cpu: { cores: 0.2, limit: 0.2, throttled: 0.9 } })], { nodes })
    expect(both.saturated?.resource).toBe('cpu')
    expect(both.because).toContain('beside it, node n1 uses 1.97 of its 2 cores')
  })

  test('says what is not known', () => {
    const blind = { served: null, cpu: null, memory: null }
    expect(named([service('a', blind)], { missing: ['the requests of a'] })).toEqual({
      slowest: null,
      saturated: null,
      because: 'no resource is used up; not known: the requests of a',
      missing: ['the requests of a'],
    })
  })
})

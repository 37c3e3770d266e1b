import { describe, expect, test } from '@jest/globals'
import { fakeClock, fakePrometheus } from '@alt-las/testing'
import { meter, presets, prometheus, type Backend, type Preset, type Reading } from '../index.ts'

const traefik = presets['traefik'] as Preset
const blue: Backend = {
  role: 'stable',
  namespace: 'ns',
  service: 'api',
  ports: ['80'],
  deployment: 'api',
  pods: [],
}
const counter = (code: string) =>
  `traefik_service_requests_total{service="ns-api-http-80@kubernetesgateway",code="${code}"}`

/** One Service: `before` scrapes with 10 requests each, then the switch, which takes three scrapes. Prometheus' clock is ahead. */
function world(before: number) {
  const clock = fakeClock()
  const ahead = 7000
  const server = fakePrometheus(() => clock.now() + ahead)
  const source = prometheus(server.fetch, clock)
  server.set('traefik_config_last_reload_success', 1)
  server.set(counter('200'), 1000)
  server.set(counter('500'), 0)
  const scrape = (good: number, bad: number) => {
    clock.advance(5000)
    server.add(counter('200'), good)
    server.add(counter('500'), bad)
    server.scrape()
  }
  for (let i = 0; i < before; i += 1) scrape(10, i === before - 1 ? 1 : 0)
  const begun = clock.now()
  for (let i = 0; i < 3; i += 1) scrape(5, 5)
  const switched = { begun, done: clock.now() }
  const green: Backend = { ...blue, role: 'canary' }
  const reader = meter(() => Promise.resolve({ canary: green, stable: blue, switched }), traefik, {
    source,
    clock,
  })
  return { scrape, reader, ahead, switched }
}

const block = (reading: Reading) => {
  if (reading.kind !== 'block') throw new Error(JSON.stringify(reading))
  return reading.block
}

describe('one version after the other', () => {
  test('what green does since the switch is compared with what blue did as long before it', async () => {
    const { scrape, reader, switched, ahead } = world(100)
    const start = await reader.read(null)
    expect(start).toEqual({ kind: 'start', at: switched.done + ahead })
    scrape(7, 3)
    const first = block(await reader.read(switched.done + ahead))
    expect(first).toMatchObject({ canary: { requests: 10, errors: 3 }, stable: { requests: 11, errors: 1 } })
    scrape(8, 0)
    scrape(8, 0)
    const second = block(await reader.read(first.to))
    expect(second).toMatchObject({ canary: { requests: 16, errors: 0 }, stable: { requests: 20, errors: 0 } })
  })

  test('where the time before is shorter, it is used again', async () => {
    const { scrape, reader, switched, ahead } = world(5)
    let from = switched.done + ahead
    const errors: number[] = []
    for (let i = 0; i < 8; i += 1) {
      scrape(10, 0)
      const { to, stable } = block(await reader.read(from))
      expect(stable.requests).toBeGreaterThanOrEqual(10)
      errors.push(stable.errors)
      from = to
    }
    expect(errors).toEqual([1, 0, 0, 0, 1, 0, 0, 0])
  })

  test('where nothing is known of the time before, nothing is judged', async () => {
    const { scrape, reader, switched, ahead } = world(0)
    scrape(10, 0)
    expect(await reader.read(switched.done + ahead)).toMatchObject({ kind: 'blind', why: 'empty' })
  })
})

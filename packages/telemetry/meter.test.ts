import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeClock, fakePrometheus } from '@alt-las/testing'
import { meter, presets, prometheus, type Preset, type Reading } from './index.ts'

const traefik = presets['traefik'] as Preset
const backend = (role: 'canary' | 'stable', service: string) => ({
  role,
  namespace: 'ns',
  service,
  port: 80,
  deployment: service,
  pods: [],
})
const arms = { canary: backend('canary', 'api-canary'), stable: backend('stable', 'api'), switched: null }
const counter = (service: string, code: string) =>
  `traefik_service_requests_total{service="ns-${service}-http-80@kubernetesgateway",code="${code}"}`
const bucket = (service: string, le: string) =>
  `traefik_service_request_duration_seconds_bucket{service="ns-${service}-http-80@kubernetesgateway",code="200",le="${le}"}`
const beat = 'traefik_config_last_reload_success'

function world() {
  const clock = fakeClock()
  const server = fakePrometheus(clock.now)
  const source = prometheus(server.fetch, clock)
  const gateway = meter(() => Promise.resolve(arms), traefik, { source, clock })
  const scrape = (ms = 5000) => {
    clock.advance(ms)
    server.scrape()
  }
  server.set(beat, 1)
  return { clock, server, gateway, scrape }
}

/** Reads blocks from a first look on: `play` changes the counters between scrapes. */
async function after(play: (one: ReturnType<typeof world>) => void, before: typeof play = () => undefined) {
  const one = world()
  before(one)
  one.scrape()
  const start = await one.gateway.read(null)
  if (start.kind !== 'start') throw new Error(JSON.stringify(start))
  play(one)
  return { reading: await one.gateway.read(start.at), start, ...one }
}

const block = (reading: Reading) => {
  if (reading.kind !== 'block') throw new Error(JSON.stringify(reading))
  return reading.block
}

describe('meter', () => {
  test('a block holds what both versions did between two scrapes, and begins where the last one ended', async () => {
    const { reading, start, ...one } = await after(
      ({ server, scrape }) => {
        server.add(counter('api', '200'), 90)
        server.add(counter('api', '404'), 5)
        server.add(counter('api', '502'), 2)
        server.add(counter('api-canary', '200'), 10)
        server.add(counter('api-canary', '500'), 3)
        server.add(counter('api-canary', '499'), 1)
        server.add(counter('api-other', '500'), 99)
        scrape()
      },
      ({ server }) => {
        server.add(counter('api', '200'), 1000)
      },
    )
    const first = block(reading)
    expect(first).toEqual({
      from: start.at,
      to: start.at + 5000,
      canary: { requests: 14, errors: 3 },
      stable: { requests: 97, errors: 2 },
    })
    one.server.add(counter('api-canary', '200'), 7)
    one.scrape()
    expect(block(await one.gateway.read(first.to)).canary).toEqual({ requests: 7, errors: 0 })
  })

  test('between two scrapes there is nothing to say', async () => {
    const { reading } = await after(({ clock }) => {
      clock.advance(2000)
    })
    expect(reading).toMatchObject({ kind: 'waiting' })
  })

  test('a counter that fell began anew: the new value is what happened', async () => {
    const { reading } = await after(
      ({ server, scrape }) => {
        server.add(counter('api', '200'), 10)
        scrape()
        server.set(counter('api', '200'), 4)
        scrape()
      },
      ({ server }) => {
        server.add(counter('api', '200'), 1000)
      },
    )
    expect(block(reading).stable.requests).toBe(14)
  })

  test('several scrapes between two looks make one block, and none of it is counted twice', async () => {
    const { reading, gateway, scrape, server } = await after(({ server, scrape }) => {
      for (let i = 0; i < 4; i += 1) {
        server.add(counter('api', '200'), 10)
        scrape()
      }
    })
    const first = block(reading)
    expect(first.stable.requests).toBe(40)
    server.add(counter('api', '200'), 1)
    scrape()
    expect(block(await gateway.read(first.to)).stable.requests).toBe(1)
  })

  test('after a long absence the block reaches back to the last look', async () => {
    const { reading } = await after(({ server, scrape }) => {
      for (let i = 0; i < 120; i += 1) {
        server.add(counter('api', '200'), 1)
        scrape()
      }
    })
    expect(block(reading).stable.requests).toBe(120)
  })

  test('cumulative buckets of all codes become counts per bucket', async () => {
    const { reading } = await after(({ server, scrape }) => {
      server.add(counter('api', '200'), 10)
      server.add(bucket('api', '0.1'), 4)
      server.add(bucket('api', '0.5'), 9)
      server.add(bucket('api', '+Inf'), 10)
      scrape()
    })
    expect(block(reading).stable.latency).toEqual({ bounds: [0.1, 0.5], counts: [4, 5, 1] })
  })

  test('without a scrape of the gateway there is no block but a sentence', async () => {
    const { server, scrape, gateway, clock } = world()
    server.startedAt = clock.now() - 3_600_000
    expect(await gateway.read(null)).toMatchObject({ kind: 'blind', why: 'empty', lasting: true })
    scrape()
    server.set(`${beat}{job="other"}`, 1)
    scrape()
    expect(await gateway.read(null)).toMatchObject({ kind: 'blind', why: 'ambiguous' })
  })

  test('a scrape that is long ago is stale, not a quiet service', async () => {
    const { reading } = await after(({ clock }) => {
      clock.advance(130_000)
    })
    expect(reading).toMatchObject({ kind: 'blind', why: 'stale', lasting: false })
  })

  test('a value that is no number is named', async () => {
    const { reading } = await after(({ server, scrape }) => {
      server.set(counter('api-canary', '200'), NaN)
      scrape()
    })
    expect(reading).toMatchObject({ kind: 'blind', why: 'not-a-number' })
    expect(JSON.stringify(reading)).toContain('ns-api-canary-http-80@kubernetesgateway')
  })

  test('a source that cannot be reached is tried three times, and heals', async () => {
    const { server, gateway, scrape } = world()
    scrape()
    for (let i = 0; i < 3; i += 1)
      server.answerNext(new Failure('metrics-unreachable', 'no route', { fault: 'outside' }))
    expect(await gateway.read(null)).toMatchObject({ kind: 'blind', why: 'unreachable', lasting: false })
    expect(await gateway.read(null)).toMatchObject({ kind: 'start' })
  })

  test.each([
    ['<html>', 'expected JSON'],
    ['{"status":"error","error":"bad query"}', 'refused the query: bad query'],
    ['{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}', 'the result is a scalar'],
    [
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}',
      'value is "x", expected a number',
    ],
    [
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"h"},"histogram":[]}]}}',
      'a histogram is [], expected',
    ],
  ])('the answer %s is refused by name', async (answer, why) => {
    const { server, gateway } = world()
    for (let i = 0; i < 3; i += 1) server.answerNext(answer)
    const reading = await gateway.read(null)
    expect(reading).toMatchObject({ kind: 'blind', why: 'refused', lasting: true })
    expect(reading).toMatchObject({ because: expect.stringContaining(why) as unknown })
  })
})

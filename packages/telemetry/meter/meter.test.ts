import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { metered } from '@alt-las/testing'

const { after, beat, block, bucket, counter, world } = metered

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
      canary: { requests: 13, errors: 3, redirects: 0, rejects: 0 },
      stable: { requests: 97, errors: 2, redirects: 0, rejects: 5 },
    })
    one.server.add(counter('api-canary', '200'), 7)
    one.scrape()
    expect(block(await one.gateway.read(first.to)).canary).toMatchObject({ requests: 7, errors: 0 })
  })

  test('between two scrapes there is nothing to say', async () => {
    const { reading } = await after(({ clock }) => {
      clock.advance(2000)
    })
    expect(reading).toMatchObject({ kind: 'waiting' })
  })

  test('a counter that fell began again: the new value is what happened', async () => {
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

  test('after a long absence the block reaches back to the last reading', async () => {
    const { reading } = await after(({ server, scrape }) => {
      for (let i = 0; i < 120; i += 1) {
        server.add(counter('api', '200'), 1)
        scrape()
      }
    })
    expect(block(reading).stable.requests).toBe(120)
  })

  test('a block waits for every process that is still scraped, and no longer for one that has gone', async () => {
    const { server, clock, gateway } = world()
    const one = 'instance="10.0.0.1:9100"'
    const two = 'instance="10.0.0.2:9100"'
    server.set(`${beat}{${two}}`, 1)
    const of = (service: string, labels: string) => counter(service, '200').replace('}', `,${labels}}`)
    server.set(of('api', one), 0)
    server.set(of('api-canary', two), 0)
    const round = async (instance?: string) => {
      clock.advance(2500)
      server.add(of('api', one), 3)
      server.add(of('api-canary', two), 1)
      server.scrape(instance)
      return gateway.read(start.kind === 'start' ? start.at : null)
    }
    server.scrape()
    const start = await gateway.read(null)
    expect(await round('10.0.0.1:9100')).toMatchObject({ kind: 'waiting' })
    expect(await round('10.0.0.2:9100')).toMatchObject({ kind: 'waiting' })
    const first = block(await round('10.0.0.1:9100'))
    expect(first).toMatchObject({ canary: { requests: 2 }, stable: { requests: 3 } })
    for (let i = 0; i < 12; i += 1) await round('10.0.0.1:9100')
    const last = block(await gateway.read(first.to))
    expect(last).toMatchObject({ canary: { requests: 0 }, stable: { requests: 42 } })
  })

  test('a source that lost its counters makes the meter begin again', async () => {
    const { server, gateway, scrape, clock } = world()
    scrape()
    expect(await gateway.read(clock.now() - 3_600_000)).toMatchObject({ kind: 'start' })
    expect(server.queries.length).toBeGreaterThan(0)
  })

  test('the history is what stable did, scrape by scrape, for half an hour', async () => {
    const { server, gateway, scrape } = world()
    server.set(counter('api', '200'), 5000)
    for (let i = 0; i < 500; i += 1) {
      server.add(counter('api', '200'), 9)
      server.add(counter('api', '500'), i === 490 ? 2 : 0)
      server.add(counter('api-canary', '200'), 1)
      server.add(bucket('api', '0.1'), 7)
      server.add(bucket('api', '+Inf'), 9)
      scrape()
    }
    const history = await gateway.history(null)
    expect(history).toHaveLength(360)
    expect(history.every(({ from, to }) => to - from === 5000)).toBe(true)
    expect(history.every(({ stable }) => stable.requests === (stable.errors > 0 ? 11 : 9))).toBe(true)
    expect(history.filter(({ stable }) => stable.errors === 2)).toHaveLength(1)
    expect(history.at(-1)?.stable.latency).toEqual({ bounds: [0.1], counts: [7, 2] })
    expect(history.every(({ canary }) => canary.requests === 0)).toBe(true)
  })

  test('without a source there is no history, and that is no error', async () => {
    const { server, gateway } = world()
    for (let i = 0; i < 9; i += 1)
      server.answerNext(new Failure('metrics-unreachable', 'no route', { fault: 'outside' }))
    expect(await gateway.history(null)).toEqual([])
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

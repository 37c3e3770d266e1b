import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { metered } from '@alt-las/testing'

const { after, beat, block, counter, world } = metered

describe('what is no block', () => {
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

  test('a Prometheus that began seconds ago is not refused before it had the time of two scrapes', async () => {
    const { server, gateway, clock } = world()
    server.startedAt = clock.now() - 5000
    expect(await gateway.read(null)).toMatchObject({ why: 'empty', lasting: false })
    clock.advance(115_000)
    expect(await gateway.read(null)).toMatchObject({ why: 'empty', lasting: true })
  })

  test('a source without a start time gets that time from the first reading on', async () => {
    const { gateway, clock } = world()
    expect(await gateway.read(null)).toMatchObject({ why: 'empty', lasting: false })
    clock.advance(60_000)
    expect(await gateway.read(null)).toMatchObject({ why: 'empty', lasting: false })
    clock.advance(60_000)
    expect(await gateway.read(null)).toMatchObject({ why: 'empty', lasting: true })
  })

  test('two copies of Prometheus behind one address count nothing twice', async () => {
    const { server, scrape, gateway } = world()
    server.set(`${beat}{prometheus_replica="a"}`, 1)
    server.set(`${beat}{prometheus_replica="b"}`, 1)
    server.remove(beat)
    scrape()
    expect(await gateway.read(null)).toMatchObject({ kind: 'blind', why: 'ambiguous', lasting: true })
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

  test('a source that cannot be reached is tried three times, and may answer', async () => {
    const { server, gateway, scrape } = world()
    scrape()
    for (let i = 0; i < 3; i += 1)
      server.answerNext(new Failure('metrics-unreachable', 'no route', { fault: 'outside' }))
    expect(await gateway.read(null)).toMatchObject({ kind: 'blind', why: 'unreachable', lasting: false })
    expect(await gateway.read(null)).toMatchObject({ kind: 'start' })
  })
})

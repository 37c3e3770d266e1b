import { describe, expect, test } from '@jest/globals'
import { metered } from '@alt-las/testing'

const { after, block, bucket, counter, native, world } = metered

describe('latency', () => {
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

  test('both versions are put on the bounds that all their histograms have', async () => {
    const { reading } = await after(({ server, scrape }) => {
      for (const [le, count] of [
        ['0.1', 4],
        ['0.5', 9],
        ['+Inf', 10],
      ] as const)
        server.add(bucket('api', le), count)
      for (const [le, count] of [
        ['0.1', 1],
        ['0.25', 2],
        ['0.5', 3],
        ['1', 4],
        ['+Inf', 5],
      ] as const)
        server.add(bucket('api-canary', le), count)
      scrape()
    })
    expect(block(reading).stable.latency).toEqual({ bounds: [0.1, 0.5], counts: [4, 5, 1] })
    expect(block(reading).canary.latency).toEqual({ bounds: [0.1, 0.5], counts: [1, 2, 2] })
  })

  test('a histogram that began again counts from 0, bucket by bucket', async () => {
    const { reading } = await after(
      ({ server, scrape }) => {
        server.set(bucket('api', '0.1'), 2)
        server.set(bucket('api', '+Inf'), 3)
        scrape()
      },
      ({ server }) => {
        server.set(bucket('api', '0.1'), 40)
        server.set(bucket('api', '+Inf'), 50)
      },
    )
    expect(block(reading).stable.latency).toEqual({ bounds: [0.1], counts: [2, 1] })
  })

  test('a gateway that comes up with other buckets: what the old ones counted is left out, by block, and never mixed', async () => {
    const { server, gateway, scrape } = world()
    const add = (counts: Readonly<Record<string, number>>) => {
      server.add(counter('api', '200'), counts['+Inf'] ?? 0)
      for (const [le, count] of Object.entries(counts)) server.add(bucket('api', le), count)
      scrape()
    }
    add({ '0.1': 0, '1': 0, '+Inf': 0 })
    add({ '0.1': 90, '1': 100, '+Inf': 100 })
    for (const le of ['0.1', '1', '+Inf']) server.remove(bucket('api', le))
    server.set(counter('api', '200'), 0)
    add({ '0.05': 60, '0.1': 90, '0.2': 100, '+Inf': 100 })
    add({ '0.05': 60, '0.1': 90, '0.2': 100, '+Inf': 100 })
    const history = await gateway.history(null)
    expect(history).toHaveLength(3)
    const fresh = { bounds: [0.05, 0.1, 0.2], counts: [60, 30, 10, 0] }
    expect(history.map(({ stable }) => stable.latency)).toEqual([undefined, undefined, fresh])
  })

  test('a histogram without +Inf is none', async () => {
    const { reading } = await after(({ server, scrape }) => {
      server.add(bucket('api', '0.1'), 4)
      scrape()
    })
    expect(block(reading).stable.latency).toBeUndefined()
  })

  test('native histograms of any resolution are put on one grid of four steps to a doubling', async () => {
    const { reading } = await after(
      ({ server, scrape }) => {
        // Finer than the grid (schema 3), and exactly as fine.
        server.setHistogram(native('api'), [
          [2 ** -3, 2 ** -2.875, 1007],
          [2 ** -2.875, 2 ** -2.75, 3],
          [2, 2 ** 1.125, 1],
        ])
        server.setHistogram(native('api-canary'), [[2 ** -3, 2 ** -2.75, 5]])
        scrape()
      },
      ({ server }) => {
        server.setHistogram(native('api'), [[2 ** -3, 2 ** -2.875, 1000]])
      },
    )
    const { canary, stable } = block(reading)
    const at = (bound: number) =>
      stable.latency?.bounds.findIndex((one) => Math.abs(one - bound) < 1e-9) ?? -1
    expect(stable.latency?.bounds).toHaveLength(65)
    expect(stable.latency?.counts[at(2 ** -2.75)]).toBe(10)
    expect(stable.latency?.counts[at(2 ** 1.25)]).toBe(1)
    expect(stable.latency?.counts.reduce((a, b) => a + b, 0)).toBe(11)
    expect(canary.latency?.counts[at(2 ** -2.75)]).toBe(5)
  })

  test('a native histogram that fell began again; one whose buckets were merged did not', async () => {
    const { reading } = await after(
      ({ server, scrape }) => {
        server.setHistogram(native('api'), [[1, 4, 25]])
        server.setHistogram(native('api-canary'), [[1, 2, 3]])
        scrape()
      },
      ({ server }) => {
        server.setHistogram(native('api'), [
          [1, 2, 10],
          [2, 4, 10],
        ])
        server.setHistogram(native('api-canary'), [[1, 2, 50]])
      },
    )
    const sum = (counts: readonly number[] = []) => counts.reduce((a, b) => a + b, 0)
    expect(sum(block(reading).stable.latency?.counts)).toBe(5)
    expect(sum(block(reading).canary.latency?.counts)).toBe(3)
  })
})

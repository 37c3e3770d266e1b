import { describe, expect, test } from '@jest/globals'
import { toMarkdown } from '@alt-las/outcome'
import { readerFor, virtualClock, virtualSystem } from '@alt-las/testing'
import { parse } from '../inputs.ts'
import { outputsOf, summarize } from '../summary.ts'
import { clusterWith } from '../testing/cluster.ts'
import { documentsOf } from '../testing/documents.ts'
import { deployment } from '../testing/objects.ts'
import { ports } from '../testing/ports.ts'
import { fakeHttp, reply } from '../testing/wire.ts'
import { verify } from '../verify.ts'

const actionYml = new URL('../../action.yml', import.meta.url)
const inputs = (overrides: Record<string, string> = {}) =>
  parse(
    readerFor(actionYml, {
      ...{ url: 'https://shop.example', namespace: 'shop', checks: 'capacity', 'max-p95': '100ms' },
      ...overrides,
    }),
    documentsOf(),
  )

/** Its capacity is 1000 * workers / serviceMs requests per second. */
function system(workers: number, serviceMs: number) {
  const clock = virtualClock()
  const served = virtualSystem(clock, { workers, serviceMs })
  const http = fakeHttp(async () => {
    await served.serve()
    return reply()
  })
  return { clock, http, cluster: () => clusterWith([deployment('web')]) }
}

describe('the check capacity', () => {
  test.each([
    [1, 20, 50],
    [4, 50, 80],
    [2, 5, 400],
  ])(
    'finds what %d workers of %d ms a request can do: %d per second',
    async (workers, serviceMs, capacity) => {
      const outcome = await verify(inputs(), ports(system(workers, serviceMs)))
      const { maxRate = 0, trials = [] } = outcome.capacity ?? {}
      expect(outcome.kind).toBe('passed')
      expect(maxRate).toBeLessThanOrEqual(capacity * 1.02)
      expect(maxRate).toBeGreaterThanOrEqual(capacity * 0.93)
      expect(trials.length).toBeLessThanOrEqual(12)
      expect(outputsOf(outcome)).toMatchObject({ 'max-rate': String(maxRate) })
    },
  )

  test('refuses a system that does not bear the target, and says what it needs', async () => {
    const outcome = await verify(inputs({ 'target-rate': '120' }), ports(system(1, 20)))
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/requests per second hold, more is too much: at .* the target is 120/)
    expect(outcome.because).toContain('with 30% headroom it needs the replicas web 4')
    expect(outcome.evidence).toMatchObject({
      capacity: {
        end: 'system',
        targetRatePerSecond: 120,
        workloads: [{ name: 'web', replicasForTarget: 4 }],
      },
    })
    expect(toMarkdown(summarize(outcome))).toContain('replicas for 120 per second and 30% more')
  })

  test('says that no higher rate was tried where the bound ends the search', async () => {
    const outcome = await verify(inputs({ 'most-rate': '30' }), ports(system(1, 20)))
    expect(outcome.capacity).toMatchObject({ maxRate: 30, end: 'bound' })
    expect(outcome.checks.at(-1)?.because).toBe('30 requests per second hold, no higher rate was tried')
  })

  test('stops a rate that is too much before the system suffers for long', async () => {
    const outcome = await verify(inputs(), ports(system(1, 20)))
    const over = outcome.capacity?.trials.find(({ rate }) => rate === 80)
    expect(over).toMatchObject({ outcome: 'exceeded', because: expect.stringContaining('without an answer') })
    expect(over?.load.durationMs).toBeLessThan(5000)
  })

  test('refuses a system that bears nothing', async () => {
    const outcome = await verify(inputs(), ports(system(1, 5000)))
    expect(outcome.because).toContain('requests per second hold: at')
    expect(outcome.capacity).toMatchObject({ maxRate: 0, workloads: [] })
  })
})

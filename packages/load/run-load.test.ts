import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeClock, virtualClock, virtualSystem } from '@alt-las/testing'
import { runLoad, startLoad } from './run-load.ts'
import type { Loss } from './send.ts'
import { suffering } from './suffering.ts'
import type { LoadTarget } from './turns.ts'

const target = (name: string, weight = 1): LoadTarget<string> => ({ name, request: `/${name}`, weight })
const plan = { targets: [target('a')], rate: 10, durationMs: 3000 }
const interrupted = new AbortController().signal

describe('the load', () => {
  test('charges a stall to every request that was due in it, not only to the one that met it', async () => {
    const clock = virtualClock()
    const system = virtualSystem(clock, { workers: 1, serviceMs: 1 })
    const send = async (_: string, index: number) => {
      system.serviceMs = index === 5 ? 1000 : 1
      await system.serve()
      return null
    }
    const result = await runLoad(plan, { send, clock, interrupted })
    // Ten requests were due within the stall: a closed loop would have counted one slow request of thirty.
    const slow = result.buckets.filter(({ belowMs }) => belowMs > 64)
    expect(slow.reduce((sum, { count }) => sum + count, 0)).toBe(10)
    expect(result).toMatchObject({ count: 30, errors: 0, unsent: 0, stopped: null, p99Ms: 1000 })
  })

  test('measures what a system with known delays does', async () => {
    const clock = virtualClock()
    const delayMs = [
      ...Array<number>(50).fill(40),
      ...Array<number>(45).fill(120),
      ...Array<number>(5).fill(900),
    ]
    const send = async (_: string, index: number) => {
      await clock.sleep(delayMs[(index * 7) % 100] ?? NaN)
      return null
    }
    const result = await runLoad({ ...plan, rate: 100, durationMs: 10_000 }, { send, clock, interrupted })
    expect(result).toMatchObject({ count: 1000, p50Ms: 40, p90Ms: 120, p95Ms: 120, p99Ms: 900 })
  })

  test('leaves the warm-up out, and sends it at the same rate', async () => {
    const clock = virtualClock()
    const sentAt: number[] = []
    const send = async (_: string, index: number) => {
      sentAt.push(clock.elapsed())
      await clock.sleep(index < 20 ? 5000 : 10)
      return null
    }
    const result = await runLoad({ ...plan, warmUpMs: 2000 }, { send, clock, interrupted })
    expect(result).toMatchObject({ count: 30, maxMs: 10, durationMs: 3000 })
    expect(sentAt).toEqual(Array.from({ length: 50 }, (_, index) => index * 100))
  })

  test('leaves requests out rather than exceed the rate after a pause of its own', async () => {
    const clock = fakeClock()
    const sentAt: number[] = []
    const send = (_: string, index: number) => {
      sentAt.push(clock.elapsed())
      if (index === 5) clock.advance(1000)
      return Promise.resolve(null)
    }
    const result = await runLoad(plan, { send, clock, interrupted })
    expect(result).toMatchObject({ count: 22, unsent: 8 })
    const perSecond = Map.groupBy(sentAt, (at) => Math.floor(at / 1000))
    expect(Math.max(...[...perSecond.values()].map((sent) => sent.length))).toBeLessThanOrEqual(11)
  })

  test('sends on while answers are outstanding', async () => {
    let begun = 0
    const waiting: (() => void)[] = []
    const send = async () => {
      begun += 1
      if (begun === 30) for (const go of waiting) go()
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return null
    }
    await expect(runLoad(plan, { send, clock: fakeClock(), interrupted })).resolves.toMatchObject({
      count: 30,
    })
  })

  test('counts losses by reason, and names the first ones with their time', async () => {
    const clock = fakeClock()
    const begun = clock.now()
    const answers: readonly (Loss | null)[] = [null, { reason: 'status 503', detail: 'no upstream' }]
    const send = (_: string, index: number) => {
      if (index === 2) throw new Failure('no-answer', 'x', { fault: 'outside' })
      return Promise.resolve(answers[index] ?? null)
    }
    const result = await runLoad(plan, { send: async (...given) => send(...given), clock, interrupted })
    expect(result).toMatchObject({ errors: 2, errorKinds: { 'no-answer': 1, 'status 503': 1 } })
    expect(result.errorRate).toBeCloseTo(2 / 30)
    expect(result.firstErrors).toEqual([
      { target: 'a', sentAt: begun + 100, reason: 'status 503', detail: 'no upstream' },
      { target: 'a', sentAt: begun + 200, reason: 'no-answer' },
    ])
  })

  test('shows ten losses at most, and counts all', async () => {
    const send = () => Promise.resolve({ reason: 'status 500' })
    const result = await runLoad(plan, { send, clock: fakeClock(), interrupted })
    expect(result.firstErrors).toHaveLength(10)
    expect(result.errorKinds).toEqual({ 'status 500': 30 })
  })

  test('keeps targets apart that have the same name', async () => {
    const both = { ...plan, targets: [target('a'), target('a', 2)] }
    const result = await runLoad(both, {
      send: () => Promise.resolve(null),
      clock: fakeClock(),
      interrupted,
    })
    expect(result.targets).toMatchObject([
      { name: 'a', count: 10 },
      { name: 'a', count: 20 },
    ])
  })

  test('has no result when it is interrupted', async () => {
    const abort = new AbortController()
    const send = (_: string, index: number) => {
      if (index === 3) abort.abort(new Error('interrupted by SIGTERM'))
      return Promise.resolve(null)
    }
    const run = runLoad(plan, { send, clock: fakeClock(), interrupted: abort.signal })
    await expect(run).rejects.toThrow('interrupted by SIGTERM')
  })
})

describe('a load that the system cannot bear', () => {
  const long = { ...plan, rate: 50, durationMs: 60_000, stop: suffering }

  test('ends where half of the requests fail', async () => {
    const clock = virtualClock()
    const send = async () => {
      await clock.sleep(5)
      return clock.elapsed() > 20_000 ? { reason: 'status 503' } : null
    }
    const result = await runLoad(long, { send, clock, interrupted })
    expect(result.stopped).toMatch(/^\d+ of the last \d+ requests failed \(5\d/)
    expect(result.durationMs).toBeGreaterThan(20_000)
    expect(result.durationMs).toBeLessThan(25_000)
    expect(result.count).toBe(Math.floor(result.durationMs / 20) + 1)
  })

  test('ends where the answers fall behind, with those that are still to come', async () => {
    const clock = virtualClock()
    const system = virtualSystem(clock, { workers: 1, serviceMs: 40 })
    const send = async () => {
      await system.serve()
      return null
    }
    const result = await runLoad(long, { send, clock, interrupted })
    // Half of the requests stay: 25 per second, so that 250 are reached after ten seconds.
    expect(result.stopped).toBe('251 requests are without an answer, more than 50 per second send in 5 s')
    expect(result.durationMs).toBeCloseTo(10_000, -3)
    expect(result.maxMs).toBeGreaterThan(9000)
  })

  test('goes on where failures are few', async () => {
    const send = (_: string, index: number) =>
      Promise.resolve(index % 10 === 0 ? { reason: 'status 500' } : null)
    const result = await runLoad(
      { ...long, durationMs: 10_000 },
      { send, clock: virtualClock(), interrupted },
    )
    expect(result).toMatchObject({ count: 500, stopped: null, errors: 50 })
  })
})

describe('a load without an end', () => {
  test('goes on until it is stopped, and waits for the requests that are open', async () => {
    const reached = Promise.withResolvers<void>()
    const answers = Promise.withResolvers<void>()
    let sent = 0
    const send = async () => {
      sent += 1
      if (sent >= 50) {
        reached.resolve()
        await answers.promise
      }
      return null
    }
    const load = startLoad(plan, { send, clock: fakeClock(), interrupted })
    await reached.promise
    const stopping = load.stop()
    const sentAtStop = sent
    answers.resolve()
    await expect(stopping).resolves.toMatchObject({ count: sentAtStop, errors: 0, rate: 10 })
  })

  test('has no result when it is interrupted', async () => {
    const abort = new AbortController()
    const send = () => {
      abort.abort(new Error('interrupted by SIGTERM'))
      return Promise.resolve(null)
    }
    const load = startLoad(plan, { send, clock: fakeClock(), interrupted: abort.signal })
    await expect(load.stop()).rejects.toThrow('interrupted by SIGTERM')
  })
})

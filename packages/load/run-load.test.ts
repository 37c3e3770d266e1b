import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { fakeClock } from '@alt-las/testing'
import { runLoad, startLoad } from './run-load.ts'
import type { Loss } from './send.ts'
import type { LoadTarget } from './turns.ts'

const target = (name: string, weight = 1): LoadTarget<string> => ({ name, request: `/${name}`, weight })
const plan = { targets: [target('a')], rate: 10, durationMs: 3000 }
const interrupted = new AbortController().signal

describe('the load', () => {
  test('charges a stall to every request that was due in it, not only to the one that met it', async () => {
    const clock = fakeClock()
    const send = (_: string, index: number) => {
      if (index === 5) clock.advance(1000)
      return Promise.resolve(null)
    }
    const result = await runLoad(plan, { send, clock, interrupted })
    const slow = result.buckets.filter(({ belowMs }) => belowMs > 256)
    // Ten requests were due within the stall: a closed loop would have counted one slow request of thirty.
    expect(slow.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(7)
    expect(result).toMatchObject({ count: 30, errors: 0 })
    expect(result.maxMs).toBeGreaterThanOrEqual(1000)
    expect(result.senderLagP99Ms).toBeGreaterThanOrEqual(800)
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

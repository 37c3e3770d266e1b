import { Failure } from '@alt-las/failure'
import { fakeClock } from '@alt-las/testing'
import { expect, test } from '@jest/globals'
import { outlast } from './outage.ts'

const unavailable = new Failure('unavailable', 'connect ECONNREFUSED', { fault: 'outside' })

/** Work that fails until the clock shows `backAt`. */
function world(backAt: number, error: Error = unavailable) {
  const clock = fakeClock()
  const lines: string[] = []
  const stop = new AbortController()
  const work = () => (clock.elapsed() >= backAt ? Promise.resolve('done') : Promise.reject(error))
  const ports = {
    clock,
    interrupted: stop.signal,
    line: (text: string) => void lines.push(text),
    until: 600_000,
  }
  return { clock, lines, stop, run: () => outlast(work, ports) }
}

test('an API server that is away for a minute is waited for, and said once', async () => {
  const { run, lines, clock } = world(60_000)
  expect(await run()).toBe('done')
  expect(clock.elapsed()).toBe(60_000)
  expect(lines).toEqual([
    'the API server does not answer (connect ECONNREFUSED); routes and pods stay as they are, and it is asked again for up to 10m00s',
    'the API server answers again after 1m00s; the rollout goes on',
  ])
})

test('one that stays away ends the wait with the time of the run', async () => {
  const { run, clock } = world(Infinity)
  await expect(run()).rejects.toThrow(unavailable)
  expect(clock.elapsed()).toBe(600_000)
})

test('an answer that says no is not waited for', async () => {
  const { run, clock, lines } = world(60_000, new Failure('forbidden', 'no', { fault: 'input' }))
  await expect(run()).rejects.toThrow('no')
  expect([clock.elapsed(), lines]).toEqual([0, []])
})

test('an interrupted run does not wait', async () => {
  const { run, stop, clock } = world(60_000)
  stop.abort(new Error('SIGINT'))
  await expect(run()).rejects.toThrow(unavailable)
  expect(clock.elapsed()).toBe(0)
})

import { expect, test } from '@jest/globals'
import { fakeClock } from '@alt-las/testing'
import { keepSchedule, requestCount } from './schedule.ts'
import { inTurns } from './turns.ts'

test.each([
  [10, 3000, 30],
  [0.5, 1000, 1],
  [12.5, 1000, 13],
])('%d per second for %d ms are %d requests', (rate, durationMs, count) => {
  expect(requestCount(rate, durationMs)).toBe(count)
})

test('a request is due at its place in the sequence, whatever the clock did meanwhile', async () => {
  const clock = fakeClock()
  const due: number[] = []
  const fire = (index: number, dueMs: number) => {
    due.push(dueMs)
    if (index === 1) clock.advance(350)
  }
  await keepSchedule({ rate: 10, count: 6 }, fire, { clock, signal: new AbortController().signal })
  expect(due).toEqual([0, 100, 200, 300, 400, 500])
  // Those of the stall are sent at once; the last one waits for its own time again.
  expect(clock.slept).toEqual([100, 50])
})

test('a sender that is behind lets answers in after 32 requests', async () => {
  const clock = fakeClock()
  const fire = (index: number) => {
    if (index === 0) clock.advance(60_000)
  }
  await keepSchedule({ rate: 10, count: 70 }, fire, { clock, signal: new AbortController().signal })
  expect(clock.slept).toEqual([0, 0])
})

test('targets share by weight, evenly spread and always the same', () => {
  const target = (name: string, weight: number) => ({ name, request: null, weight })
  const next = inTurns([target('a', 3), target('b', 1)])
  expect(Array.from({ length: 8 }, () => next().name).join('')).toBe('aabaaaba')
})

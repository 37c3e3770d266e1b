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

const played = async (stallMs: number, count: number) => {
  const clock = fakeClock()
  const [fired, skipped]: [number[], number[]] = [[], []]
  const fire = (index: number, dueMs: number) => {
    fired.push(dueMs)
    if (index === 1) clock.advance(stallMs)
  }
  const skip = (_: number, dueMs: number) => skipped.push(dueMs)
  const signal = new AbortController().signal
  await keepSchedule({ rate: 100, count }, { fire, skip }, { clock, signal })
  return { fired, skipped, slept: clock.slept }
}

test('a request is due at its place in the sequence, whatever the clock did meanwhile', async () => {
  const { fired, skipped, slept } = await played(35, 7)
  expect(fired).toEqual([0, 10, 20, 30, 40, 50, 60])
  expect(skipped).toEqual([])
  // Those of the stall are sent at once; the next one waits for its own time again.
  expect(slept).toEqual([10, 5, 10])
})

test('a sender that is late by more than 100 ms leaves out what would be a burst', async () => {
  const { fired, skipped } = await played(200, 25)
  expect(skipped).toEqual([20, 30, 40, 50, 60, 70, 80, 90, 100])
  expect(fired).toHaveLength(16)
})

test('a sender that is behind lets answers in after 32 requests', async () => {
  const { slept } = await played(60_000, 70)
  expect(slept).toEqual([10, 0, 0])
})

test('targets share by weight, evenly spread and always the same', () => {
  const target = (name: string, weight: number) => ({ name, request: null, weight })
  const next = inTurns([target('a', 3), target('b', 1)])
  expect(Array.from({ length: 8 }, () => next().name).join('')).toBe('aabaaaba')
})

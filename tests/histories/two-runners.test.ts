import { createVisitedStates, explore } from '@alt-las/model-checker'
import { afterAll, describe, expect, test } from '@jest/globals'
import { judge, tableOf } from './judged.ts'
import { type Pair, shortPairs } from './pairs.ts'
import { pausedAnywhere } from './paused-anywhere.ts'
import { pairs, replay, search } from './search.ts'
import { unfenced } from './unfenced.ts'

const minutes = 60_000
const sum = { orders: 0, random: 0, played: 0, paused: 0 }

afterAll(() => {
  const { orders, random, played, paused } = sum
  process.stdout.write(
    `two runners: ${orders} orders with up to one switch and ${random} random ones, by ${played} histories; ${paused} in which one slept\n`,
  )
})

describe.each(pairs)('$name', (pair) => {
  test(
    'in any order of their calls nothing is broken, and one more run brings it to its end',
    async () => {
      // Of whole rollouts those that come one after the other, and random ones.
      const switches = shortPairs.includes(pair) ? 1 : 0
      const { orders, random, played } = await search(pair, { switches, schedules: 60, seed: 1 })
      sum.orders += orders
      sum.random += random
      sum.played += played
    },
    30 * minutes,
  )

  test(
    'a runner that is paused before any of its calls, and woken when the other is done, changes nothing more',
    async () => {
      sum.paused += await pausedAnywhere(pair)
    },
    30 * minutes,
  )
})

/** Marks stayed on the user's objects here: a run that found all done set them, and one that slept past its time could not take them off. */
test.each([
  'two aborts: {"kind":"switches","first":0,"at":[2]}',
  'two aborts on the way back: {"kind":"switches","first":0,"at":[46,87]}',
])('what was found once stays away: %s', replay)

test('an order of an unknown pair is refused', async () => {
  await expect(replay('two friends: {}')).rejects.toThrow(
    /got two friends: \{\}, expected one of two aborts, /,
  )
})

describe('where patches forget to test the number of the run', () => {
  test(
    'a late runner changes the traffic of a target that it no longer holds, and the search finds it',
    async () => {
      const pair = shortPairs.find(({ name }) => name === 'an abort in the step of a deploy') as Pair
      const table = await tableOf(pair)
      const begin = () => {
        const game = table.begin()
        return { ...game, runners: game.runners.map(unfenced) }
      }
      const visitedStates = await createVisitedStates({ begin, look: (seen) => judge(table, seen) })
      await expect(explore(visitedStates, { preemptionBound: 1 })).rejects.toThrow(
        /first\/1\/1 made a write when no run held the target \(patch HTTPRoute web\)[^]*--replay 'an abort in the step of a deploy: \{"kind":"switches"/,
      )
    },
    5 * minutes,
  )
})

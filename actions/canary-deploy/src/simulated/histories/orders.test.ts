import { afterAll, describe, expect, test } from '@jest/globals'
import { createAtlas, explore } from '@alt-las/testing'
import { judge, tableOf } from './judged.ts'
import { shortPairs, type Pair } from './pairs.ts'
import { unfenced } from './unfenced.ts'

/**
 * Every order of the short pairs with up to so many switches, two for the longest; `all`: three for these too, 382,576 orders, which take
 * half an hour and some 9 GB for each of them (`node --max-old-space-size=12288`, `-t` names one).
 */
const switches = process.env['SWITCHES'] ?? '1'
const mostOf = (pair: Pair): number => (switches === 'all' ? 3 : Math.min(Number(switches), pair.switches))
const minutes = 60_000
const sum = { schedules: 0, played: 0, states: 0, ends: 0 }

afterAll(() => {
  const { schedules, played, states, ends } = sum
  process.stdout.write(
    `two runners, all orders with up to ${switches} switches: ${String(schedules)} schedules, by ${String(played)} histories over ${String(states)} states; ${String(ends)} ends\n`,
  )
})

describe.each(shortPairs)('$name', (pair) => {
  const most = mostOf(pair)
  test(
    `no order of their calls with up to ${String(most)} switches breaks anything, and each ends as whole runs would`,
    async () => {
      const table = await tableOf(pair)
      const { begin, tried } = table
      const alike = pair.first === pair.second
      const atlas = await createAtlas({ begin, look: (seen) => judge(table, seen) })
      const { schedules, states } = await explore(atlas, { switches: most, alike })
      const { played } = atlas.sum()
      process.stdout.write(`${pair.name}: ${JSON.stringify({ schedules, played, states })}\n`)
      sum.schedules += schedules
      sum.played += played
      sum.states += states
      sum.ends += tried.size
    },
    90 * minutes,
  )
})

describe('where patches forget to test the number of the run', () => {
  test(
    'whoever wakes late turns the traffic of a target that is no longer its own, and the search finds it',
    async () => {
      const pair = shortPairs.find(({ name }) => name === 'an abort in the step of a deploy') as Pair
      const table = await tableOf(pair)
      const begin = () => {
        const game = table.begin()
        return { ...game, runners: game.runners.map(unfenced) }
      }
      const atlas = await createAtlas({ begin, look: (seen) => judge(table, seen) })
      await expect(explore(atlas, { switches: 1 })).rejects.toThrow(
        /first\/1\/1 made a write when nobody held the target \(patch HTTPRoute web\)[^]*REPLAY='an abort in the step of a deploy: \{"kind":"switches"/,
      )
    },
    5 * minutes,
  )
})

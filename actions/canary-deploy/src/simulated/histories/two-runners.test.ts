import { afterAll, describe, expect, test } from '@jest/globals'
import { interleave, type Schedule } from '@alt-las/testing'
import { judge, tableOf, type Table } from './judged.ts'
import { longPairs, shortPairs, type Pair } from './pairs.ts'
import { ending } from './stories.ts'

/** Random orders over all pairs; SCHEDULES sets it. Long runs take long: nine of ten are drawn of the shortest. */
const wanted = Number(process.env['SCHEDULES'] ?? '60')
/** SEED is the number of the first one: from another number on there are others. */
const seed = Number(process.env['SEED'] ?? '1')
/** What a failure has printed, such as `two aborts: {"kind":"random","seed":3,"fair":false}`: only this one is played. */
const replay = process.env['REPLAY'] ?? ''

const pairs = [...shortPairs, ...longPairs]
const chosen = replay === '' ? pairs : pairs.filter(({ name }) => replay.startsWith(`${name}: `))
const minutes = 60_000
const sum = { random: 0, paused: 0, ends: 0 }

afterAll(() => {
  const { random, paused, ends } = sum
  process.stdout.write(
    `two runners: ${String(random)} random schedules from seed ${String(seed)}, ${String(paused)} in which one slept; ${String(ends)} ends\n`,
  )
})

describe.each(chosen)('$name', (pair) => {
  test(
    'in any order of their calls nothing is broken, and one more run brings it to its end',
    async () => {
      const table = await tableOf(pair)
      for (const schedule of replay === '' ? drawn(shareOf(pair)) : [orderOf(replay)]) {
        sum.random += 1
        await played(table, schedule)
      }
      sum.ends += table.tried.size
    },
    90 * minutes,
  )
})

if (replay === '')
  describe.each(pairs)('$name', (pair) => {
    test(
      'a runner that is paused before any of its calls, and woken when the other is done, changes nothing more',
      async () => {
        const table = await tableOf(pair)
        for (let after = 0; after < 400; after += 1) {
          const broken = await wokenLate(table, after)
          if (broken === 'over') break
          sum.paused += 1
          expect({ after, broken }).toEqual({ after, broken: [] })
        }
      },
      30 * minutes,
    )
  })

/** Marks stayed on the user's objects here: a run that found all done set them, and one that slept past its time could not take them off. */
const once: readonly (readonly [pair: string, schedule: Schedule])[] = [
  ['two aborts', { kind: 'switches', first: 0, at: [2] }],
  ['two aborts on the way back', { kind: 'switches', first: 0, at: [46, 87] }],
]

if (replay === '')
  test.each(once)('what was found once stays away: %s %j', async (name, schedule) => {
    const pair = pairs.find((one) => one.name === name) as Pair
    await played(await tableOf(pair), schedule)
  })

const orderOf = (text: string): Schedule => JSON.parse(text.slice(text.indexOf('{'))) as Schedule

/** The share of all that falls to the pairs with so many switches. */
const shares: Readonly<Record<number, number>> = { 1: 0.01, 2: 0.09, 3: 0.9 }

function shareOf({ switches }: Pair): number {
  const alike = pairs.filter((one) => one.switches === switches).length
  return Math.ceil((wanted * (shares[switches] ?? 0)) / alike)
}

/** As many switches as there are steps, or few; fair ones, and such that starve one runner. */
function* drawn(count: number): Generator<Schedule> {
  for (let one = seed; one < seed + count; one += 1)
    yield { kind: 'random', seed: one, fair: one % 2 === 0, ...(one % 3 === 0 ? { switches: 5 } : {}) }
}

async function played(table: Table, schedule: Schedule): Promise<void> {
  const game = table.begin()
  const { ends } = await interleave(game.simulation, game.runners, schedule)
  await judge(table, { game, schedule, ends })
}

/** The first runner sleeps through the whole work of the second. */
async function wokenLate({ begin }: Table, after: number) {
  const { here, simulation, runners } = begin()
  let left: string | null = null
  const [first, second] = runners
  if (first === undefined || second === undefined) throw new Error('a pair has two runners')
  const { steps } = await interleave(
    simulation,
    [
      first,
      async (lane) => {
        await second(lane).catch(() => undefined)
        // Pods that are on their way out go by themselves.
        simulation.settle()
        left = JSON.stringify(ending(simulation))
      },
    ],
    { kind: 'paused', runner: 0, after, wakes: 'late' },
  )
  const mine = steps.filter(({ runner }) => runner === 0).length
  if (mine <= after) return 'over'
  const took = (runner: number) =>
    steps.findIndex(
      (step) => step.runner === runner && step.call?.verb === 'patch' && step.call.at.kind === 'Lease',
    )
  // Before it took the lease it is a run like any other that comes late; and one that was never replaced simply goes on.
  const held = took(0) >= 0 && took(0) < after && took(1) >= 0
  const now = JSON.stringify(ending(simulation))
  return [...here.violations, ...(held && now !== left ? [`it changed ${String(left)} to ${now}`] : [])]
}

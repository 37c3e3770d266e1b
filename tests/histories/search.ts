import { type Schedule, createVisitedStates, explore, interleave } from '@alt-las/model-checker'
import { judge, tableOf } from './judged.ts'
import { type Pair, longPairs, shortPairs } from './pairs.ts'

export const pairs: readonly Pair[] = [...shortPairs, ...longPairs]

export interface Wanted {
  /** Every order with at most so many switches; fewer where the pair allows fewer. */
  readonly switches: number
  /** Random orders over all pairs. */
  readonly schedules: number
  /** Number of the first random order: from another number on there are others. */
  readonly seed: number
}

export interface Searched {
  readonly orders: number
  readonly random: number
  /** Games that were really played for them: the steps of the others had all been seen. */
  readonly played: number
  /** Distinct states of world and runners in the orders, random ones left out. */
  readonly states: number
  /** Distinct worlds from which a last run was tried. */
  readonly ends: number
}

/** Two runners in every order with few switches, and in random ones. Throws where an order breaks anything or ends as no order of whole runs does. */
export async function search(pair: Pair, { switches, schedules, seed }: Wanted): Promise<Searched> {
  const table = await tableOf(pair)
  const visitedStates = await createVisitedStates({ begin: table.begin, look: (seen) => judge(table, seen) })
  const alike = pair.first === pair.second
  const every = await explore(visitedStates, { preemptionBound: Math.min(switches, pair.switches), alike })
  const share = shareOf(pair, schedules)
  for (const schedule of drawn(share, seed))
    if (!visitedStates.isKnown(schedule)) await visitedStates.play(schedule)
  const { played } = visitedStates.sum()
  return { orders: every.schedules, random: share, played, states: every.states, ends: table.tried.size }
}

/** One order, played alone. `told` is what a failure has printed: `two aborts: {"kind":"random","seed":3,"fair":false}`. */
export async function replay(told: string): Promise<void> {
  const pair = pairs.find(({ name }) => told.startsWith(`${name}: `))
  if (pair === undefined)
    throw new Error(
      `got ${told}, expected one of ${pairs.map(({ name }) => name).join(', ')}, a colon and an order`,
    )
  const schedule = JSON.parse(told.slice(pair.name.length + 2)) as Schedule
  const table = await tableOf(pair)
  const game = table.begin()
  const { ends } = await interleave(game.simulation, game.runners, schedule)
  await judge(table, { game, schedule, ends })
}

/** Long runs take long: nine of ten are drawn of the shortest. By the switches that a pair allows. */
const shares: Readonly<Record<number, number>> = { 1: 0.01, 2: 0.09, 3: 0.9 }

function shareOf({ switches }: Pair, schedules: number): number {
  const alike = pairs.filter((one) => one.switches === switches).length
  return Math.ceil((schedules * (shares[switches] ?? 0)) / alike)
}

/** As many switches as there are steps, or few; fair ones, and such that starve one runner. */
function* drawn(count: number, seed: number): Generator<Schedule> {
  for (let one = seed; one < seed + count; one += 1)
    yield { kind: 'random', seed: one, fair: one % 2 === 0, ...(one % 3 === 0 ? { switches: 5 } : {}) }
}

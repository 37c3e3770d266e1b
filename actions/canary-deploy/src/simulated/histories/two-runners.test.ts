import { afterAll, describe, expect, test } from '@jest/globals'
import { explore, fingerprint, interleave, type End, type Schedule, type Snapshot } from '@alt-las/testing'
import {
  finallyIn,
  goalsOf,
  longPairs,
  meeting,
  runnersOf,
  shortPairs,
  timelessly,
  type Pair,
} from './pairs.ts'
import { ending } from './stories.ts'
import { town, type Town } from './town.ts'
import { unfenced } from './unfenced.ts'

/** Random orders over all pairs; SCHEDULES sets it. */
const wanted = Number(process.env['SCHEDULES'] ?? '52')
/** Every order of the short pairs with up to so many switches is looked at; SWITCHES sets it. */
const switches = Number(process.env['SWITCHES'] ?? '1')
/** `two aborts: {"kind":"switches","at":[3,34],"first":0}`: REPLAY plays this one only, as a failure has printed it. */
const replay = process.env['REPLAY'] ?? ''
/** SEED is added to the seeds of the random orders: another number, other orders. */
const seed = Number(process.env['SEED'] ?? '0')

const pairs = [...shortPairs, ...longPairs]
const minutes = 60_000
const sum = { orders: 0, played: 0, ends: 0, random: 0, paused: 0 }

afterAll(() => {
  process.stdout.write(
    `two runners: ${String(sum.orders)} orders with up to ${String(switches)} switches, all of them, by ${String(sum.played)} histories that differ and ${String(sum.ends)} distinct ends; ` +
      `${String(sum.random)} random ones from seed ${String(seed)}; ${String(sum.paused)} in which one slept\n`,
  )
})

/** What is wrong with a history that was played: broken laws, accidents, and where everything is over an end that no order of whole runs has. */
async function problemsOf(
  pair: Pair,
  here: Town,
  { ends, goals, known }: Judged,
): Promise<readonly string[]> {
  const accidents = ends.flatMap((end) =>
    end?.kind === 'threw' && !(end.error instanceof Error && 'code' in end.error) ? [String(end.error)] : [],
  )
  const isOver = ends.every((end) => end !== undefined)
  const name = isOver ? fingerprint(here.simulation.snapshot(), timelessly) : ''
  if (!isOver || known.has(name)) return [...here.violations, ...accidents]
  known.add(name)
  const end = await finallyIn(here, pair)
  return [...here.violations, ...accidents, ...(goals.has(end) ? [] : [`it ended as ${end}`])]
}

interface Judged {
  readonly ends: readonly (End<unknown> | undefined)[]
  /** The ends that there may be. */
  readonly goals: ReadonlySet<string>
  /** Worlds from which a last run was tried: two that differ in nothing but times have the same end. */
  readonly known: Set<string>
}

const gameOf = (pair: Pair, start: Snapshot) => () => {
  const here = town(pair.first.habits, start)
  return { here, simulation: here.simulation, runners: runnersOf(pair, here) }
}

describe.each(replay === '' ? shortPairs : [])('$name', (pair) => {
  test(
    `every order of their calls with up to ${String(switches)} switches breaks nothing, and ends as whole runs would`,
    async () => {
      const start = await meeting(pair)
      const goals = await goalsOf(pair, start)
      const known = new Set<string>()
      const { schedules, played } = await explore({
        begin: gameOf(pair, start),
        switches,
        alike: pair.first === pair.second,
        look: async ({ game, schedule, ends }) => {
          expectNone(pair, schedule, await problemsOf(pair, game.here, { ends, goals, known }))
        },
      })
      sum.orders += schedules
      sum.played += played
      sum.ends += known.size
    },
    90 * minutes,
  )
})

describe.each(replay === '' ? pairs : [])('$name', (pair) => {
  test(
    'in any order of their calls nothing is broken, and one more run brings it to its end',
    async () => {
      const start = await meeting(pair)
      const goals = await goalsOf(pair, start)
      for (const schedule of drawn(Math.ceil(wanted / pairs.length))) {
        sum.random += 1
        expectNone(pair, schedule, await inOrder(pair, start, { schedule, goals }))
      }
    },
    90 * minutes,
  )
})

describe.each(replay === '' ? longPairs : [])('$name', (pair) => {
  test(
    'a runner that is paused before any of its calls, and woken when the other is done, changes nothing more',
    async () => {
      const start = await meeting(pair)
      for (let after = 0; after < 400; after += switches > 1 ? 1 : 23) {
        const broken = await wokenLate(pair, start, after)
        if (broken === 'over') break
        sum.paused += 1
        expect({ after, broken }).toEqual({ after, broken: [] })
      }
    },
    30 * minutes,
  )
})

describe('where patches forget to test the number of the run', () => {
  test(
    'whoever wakes late puts weight on pods that are gone, and the search finds it',
    async () => {
      const pair = shortPairs.find(({ name }) => name === 'an abort in the step of a deploy') as Pair
      const start = await meeting(pair)
      const goals = await goalsOf(pair, start)
      const begin = () => {
        const game = gameOf(pair, start)()
        return { ...game, runners: game.runners.map(unfenced) }
      }
      const search = explore({
        begin,
        switches: 1,
        look: async ({ game, schedule, ends }) => {
          expectNone(pair, schedule, await problemsOf(pair, game.here, { ends, goals, known: new Set() }))
        },
      })
      await expect(search).rejects.toThrow(
        /goes to a canary without a ready pod[^]*REPLAY='an abort in the step/,
      )
    },
    5 * minutes,
  )
})

if (replay !== '')
  test(
    `the order of ${replay}`,
    async () => {
      const [name = '', text = ''] = replay.split(/: (?=\{)/)
      const pair = pairs.find((one) => one.name === name) as Pair
      const schedule = JSON.parse(text) as Schedule
      const start = await meeting(pair)
      const goals = await goalsOf(pair, start)
      expectNone(pair, schedule, await inOrder(pair, start, { schedule, goals }))
    },
    5 * minutes,
  )

function expectNone({ name }: Pair, schedule: Schedule, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new Error(`${problems.join('\n')}\nREPLAY='${name}: ${JSON.stringify(schedule)}'`)
}

/** With as many switches as there are steps, or with few that are spread; fair ones, and such that starve one runner. */
function* drawn(count: number): Generator<Schedule> {
  for (let one = 1; one <= count; one += 1)
    yield { kind: 'random', seed: seed + one, fair: one % 2 === 0, ...(one % 3 === 0 ? { switches: 5 } : {}) }
}

async function inOrder(
  pair: Pair,
  start: Snapshot,
  { schedule, goals }: { readonly schedule: Schedule; readonly goals: ReadonlySet<string> },
): Promise<readonly string[]> {
  const { here, simulation, runners } = gameOf(pair, start)()
  const { ends } = await interleave(simulation, runners, schedule)
  return problemsOf(pair, here, { ends, goals, known: new Set() })
}

/** The first runner sleeps through the whole work of the second. */
async function wokenLate(pair: Pair, start: Snapshot, after: number) {
  const here = town(pair.first.habits, start)
  let left: string | null = null
  const [first, second] = runnersOf(pair, here)
  if (first === undefined || second === undefined) throw new Error('a pair has two runners')
  const { steps } = await interleave(
    here.simulation,
    [
      first,
      async (lane) => {
        await second(lane).catch(() => undefined)
        left = JSON.stringify(ending(here.simulation))
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
  const now = JSON.stringify(ending(here.simulation))
  return [...here.violations, ...(held && now !== left ? [`it changed ${String(left)} to ${now}`] : [])]
}

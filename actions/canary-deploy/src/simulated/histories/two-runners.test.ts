import { afterAll, describe, expect, test } from '@jest/globals'
import { interleave, schedules, type Lane, type Schedule, type Snapshot } from '@alt-las/testing'
import { v3 } from '../lab.ts'
import { ending, opening, operate, stories, type Story } from './stories.ts'
import { town } from './town.ts'

/** Schedules of each kind; SCHEDULES sets the number of random ones. */
const wanted = Number(process.env['SCHEDULES'] ?? '60')
let played = 0

afterAll(() => {
  process.stdout.write(`two runners: ${String(played)} schedules\n`)
})

const named = (name: string) => stories.find((one) => one.name === name) as Story
const canary = named('canary')
const other: Story = { ...canary, inputs: { ...canary.inputs, image: v3, release: 'r3' } }

interface Pair {
  readonly name: string
  readonly first: Story
  readonly second: Story
}

const pairs: readonly Pair[] = [
  { name: 'the same plan', first: canary, second: canary },
  { name: 'another plan', first: canary, second: other },
  { name: 'a deploy and its abort', first: canary, second: { ...named('abort'), before: canary.before } },
]

describe.each(pairs)('$name', (pair) => {
  test('in any order of their calls nothing is broken, and one more run brings it to its end', async () => {
    const start = await opening(pair.first)
    const goal = await alone(pair.first, start)
    for (const schedule of orders()) {
      played += 1
      const problems = await inOrder(pair, start, { schedule, goal })
      expect({ schedule, problems }).toEqual({ schedule, problems: [] })
    }
  }, 1_800_000)

  test('a runner that is paused before any of its calls, and woken when the other is done, changes nothing more', async () => {
    const start = await opening(pair.first)
    for (let after = 0; after < 400; after += wanted >= 1000 ? 1 : 23) {
      played += 1
      const broken = await wokenLate(pair, start, after)
      if (broken === 'over') break
      expect({ after, broken }).toEqual({ after, broken: [] })
    }
  }, 1_800_000)
})

function* orders(): Generator<Schedule> {
  for (let seed = 1; seed <= wanted; seed += 1)
    yield { kind: 'random', seed, fair: seed % 2 === 0, ...(seed % 3 === 0 ? { switches: 3 } : {}) }
  const few = [...schedules({ steps: 40, switches: 1 })]
  yield* few.filter((_, index) => wanted >= 1000 || index % 13 === 0)
}

async function alone(story: Story, start: Snapshot): Promise<unknown> {
  const here = town(story.habits, start)
  await operate(story, here, { holder: 'only/1/1', lane: here.simulation })
  here.simulation.settle()
  return ending(here.simulation)
}

async function inOrder(
  { first, second }: Pair,
  start: Snapshot,
  { schedule, goal }: { readonly schedule: Schedule; readonly goal: unknown },
): Promise<readonly string[]> {
  const here = town(first.habits, start)
  await interleave(
    here.simulation,
    [
      (lane: Lane) => operate(first, here, { holder: 'first/1/1', lane }),
      (lane: Lane) => operate(second, here, { holder: 'second/2/1', lane }),
    ],
    schedule,
  )
  await operate(first, here, { holder: 'last/3/1', lane: here.simulation })
  here.simulation.settle()
  const same = plain(ending(here.simulation)) === plain(goal)
  return [...here.violations, ...(same ? [] : [`it ended as ${JSON.stringify(ending(here.simulation))}`])]
}

/** Whoever finds the work done says `unchanged`: the same end. */
const plain = (end: unknown) => JSON.stringify(end).replace('"unchanged"', '"promoted"')

/** The first runner sleeps through the whole work of the second. */
async function wokenLate({ first, second }: Pair, start: Snapshot, after: number) {
  const here = town(first.habits, start)
  let left: string | null = null
  const { steps } = await interleave(
    here.simulation,
    [
      (lane: Lane) => operate(first, here, { holder: 'first/1/1', lane }),
      async (lane: Lane) => {
        await operate(second, here, { holder: 'second/2/1', lane }).catch(() => undefined)
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

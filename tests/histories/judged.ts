import { type End, type Simulation, type Snapshot, fingerprint } from '@alt-las/simulated-cluster'
import type { Schedule, SeenGame } from '@alt-las/model-checker'
import { type Pair, finallyIn, goalsOf, meeting, runnersOf, timelessly } from './pairs.ts'
import { type Scenario, scenario } from '../../actions/canary-deploy/src/testing/scenario.ts'

export interface PairGame {
  readonly here: Scenario
  readonly simulation: Simulation
  readonly runners: ReturnType<typeof runnersOf>
}

/** What two runners begin with, and how it may end. */
export interface Table {
  readonly pair: Pair
  readonly begin: () => PairGame
  readonly goals: ReadonlySet<string>
  /** Worlds from which a last run was tried: two that differ in nothing but times have the same end. */
  readonly tried: Set<string>
}

export async function tableOf(pair: Pair): Promise<Table> {
  const start: Snapshot = await meeting(pair)
  const begin = (): PairGame => {
    const here = scenario(pair.first.habits, start)
    return { here, simulation: here, runners: runnersOf(pair, here) }
  }
  return { pair, begin, goals: await goalsOf(pair, start), tried: new Set() }
}

/** Throws where a history broke something, with what leads there again. */
export async function judge(table: Table, seen: SeenGame<PairGame>): Promise<void> {
  const problems = await problemsOf(table, seen.game.here, seen.ends)
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${replayOf(table.pair, seen.schedule)}`)
}

/** How a schedule is played alone. */
const replayOf = ({ name }: Pair, schedule: Schedule): string =>
  `npm run test:histories -- --replay '${name}: ${JSON.stringify(schedule)}'`

/** Broken invariants, accidents, and where all is over an end that no order of whole runs has. */
async function problemsOf(
  { pair, goals, tried }: Table,
  here: Scenario,
  ends: readonly (End<unknown> | undefined)[],
): Promise<readonly string[]> {
  const accidents = ends.flatMap((end) =>
    end?.kind === 'threw' && !(end.error instanceof Error && 'code' in end.error) ? [String(end.error)] : [],
  )
  const known = [...here.violations, ...accidents]
  if (known.length > 0 || ends.some((end) => end === undefined)) return known
  const name = fingerprint(here.snapshot(), timelessly)
  if (tried.has(name)) return []
  tried.add(name)
  const end = await finallyIn(here, pair)
  return [...here.violations, ...(goals.has(end) ? [] : [`it ended as ${end}`])]
}

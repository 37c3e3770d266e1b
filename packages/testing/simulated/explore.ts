import type { End, Lane } from './faulty.ts'
import { match, type Match } from './match.ts'
import { createMemory, digest, type Memory } from './memory.ts'
import type { Schedule } from './schedule.ts'
import type { Simulation } from './simulation.ts'
import { standing } from './standing.ts'
import { following } from './turns.ts'

/** A fresh world with its two runners; it has to be the same each time. */
export interface Game {
  readonly simulation: Simulation
  readonly runners: readonly ((lane: Lane) => Promise<unknown>)[]
}

export interface ExploreOptions<G extends Game> {
  readonly begin: () => G
  /** At most so many changes of turn. */
  readonly switches: number
  /** Where a runner can be stopped: before each call (default), or before each sleep too. */
  readonly points?: 'calls' | 'steps'
  /** The runners differ in nothing but their names: what one does first, the other one would. Default false. */
  readonly alike?: boolean
  /** Looks at each game that was played; what it throws ends the search. */
  readonly look: (seen: Seen<G>) => Promise<void> | void
}

export interface Seen<G extends Game> {
  readonly game: G
  /** Leads here again. */
  readonly schedule: Schedule
  /** By runner; undefined for one that goes on: such a game was left where an earlier one has been, and all before it was looked at. */
  readonly ends: readonly (End<unknown> | undefined)[]
}

export interface Explored {
  /** All schedules of up to so many switches; each leads through states that were all seen. */
  readonly schedules: number
  /** Games that were really played. */
  readonly played: number
  /** Distinct states of world and runners. */
  readonly states: number
  /** Those in which both have ended. */
  readonly ends: number
}

/** World and runners between two steps. */
interface State {
  readonly isOver: boolean
  /** By runner: whether it can be stopped here. */
  readonly isPoint: readonly boolean[]
  /** By who is to go on: who then does, and where that leads; unknown until it was played. */
  readonly next: (Edge | undefined)[]
  /** Schedules that begin here, by who goes on and how many switches are left. */
  readonly counts: (number | undefined)[]
}

interface Edge {
  readonly to: State
  readonly runner: number
}

/** How a state was come to: as in a schedule of `switches`, so many steps of it. */
interface Route {
  readonly first: number
  readonly at: readonly number[]
  readonly steps: number
}

/**
 * Every schedule of two runners with at most so many switches, without playing the same twice. What comes next depends on nothing but the
 * world (all objects with their versions, the time, what the controllers have still to do) and on what each runner was told so far, in its
 * order: its answers, events of its watches, the times that it looked at; the runners have no other sources, and no dice. So two ways
 * to one state have one future, and a schedule is played only as far as it leads where none has been. Where a runner reads what the other has
 * not touched, it makes no difference who went first: such orders meet again after two steps, and that is where most of them go. A runner
 * that has ended counts by how, not by what it was told. Nothing is estimated: a schedule is counted when each of its steps was played.
 */
export async function explore<G extends Game>(options: ExploreOptions<G>): Promise<Explored> {
  const atlas: Atlas = { states: new Map(), points: options.points ?? 'calls', ends: 0 }
  let played = 0
  const play = async (route: Route, from: State): Promise<void> => {
    played += 1
    const game = options.begin()
    const ends = await playedOn(game, { route, from }, atlas)
    await options.look({ game, ends, schedule: { kind: 'switches', at: route.at, first: route.first } })
  }
  const first = await stateAtStart(options.begin(), atlas)
  let schedules = 0
  for (const runner of options.alike === true ? [0] : [0, 1])
    schedules += await counted(
      first,
      { first: runner, at: [], steps: 0 },
      { runner, left: options.switches, play },
    )
  const all = options.alike === true ? 2 * schedules : schedules
  return { schedules: all, played, states: atlas.states.size, ends: atlas.ends }
}

/** All that was seen so far. */
interface Atlas {
  readonly states: Map<string, State>
  readonly points: 'calls' | 'steps'
  ends: number
}

interface Walk {
  /** Who goes on. */
  readonly runner: number
  /** Changes of turn that may still come. */
  readonly left: number
  /** Plays a route to this state and beyond, until all is known. */
  readonly play: (route: Route, to: State) => Promise<void>
}

/** How many schedules go on from here; sees to it that each was played. */
async function counted(from: State, route: Route, { runner, left, play }: Walk): Promise<number> {
  const key = 2 * left + runner
  const known = from.counts[key]
  if (known !== undefined) return known
  let count = 1
  let here = from
  let current = runner
  let { steps } = route
  for (;;) {
    if (here.isOver) break
    if (here !== from && left > 0 && here.isPoint[current] === true) {
      const turned = { first: route.first, at: [...route.at, steps], steps }
      count += await counted(here, turned, { runner: 1 - current, left: left - 1, play })
    }
    if (here.next[current] === undefined) await play({ ...route, steps }, here)
    const edge = here.next[current] as Edge
    here = edge.to
    current = edge.runner
    steps += 1
  }
  from.counts[key] = count
  return count
}

async function playedOn(
  game: Game,
  { route, from }: { readonly route: Route; readonly from: State },
  atlas: Atlas,
): Promise<Match<unknown>['ends']> {
  const board = await begun(game)
  let current = route.first
  for (let step = 0; step < route.steps; step += 1) {
    if (route.at.includes(step)) current = 1 - current
    current = await makeOne(board.running, current)
  }
  if (route.at.includes(route.steps)) current = 1 - current
  let here = stateOf(board, atlas)
  if (here !== from) throw new Error(`two games of one schedule differ: ${JSON.stringify(route)}`)
  let made = route.steps
  while (!here.isOver && here.next[current] === undefined) {
    if ((made += 1) > mostSteps) throw endless(route)
    const wanted = current
    current = await makeOne(board.running, wanted)
    const to = stateOf(board, atlas)
    here.next[wanted] = { to, runner: current }
    here = to
  }
  return board.running.ends
}

/** Far more than any run takes: beyond it, one waits for what never comes. */
const mostSteps = 2000

const endless = ({ first, at }: Route) =>
  new Error(`no end after ${String(mostSteps)} steps of ${JSON.stringify({ kind: 'switches', at, first })}`)

interface Board {
  readonly running: Match<unknown>
  /** The name of the state in which it is now. */
  readonly name: () => string
}

async function begun({ simulation, runners }: Game): Promise<Board> {
  const world = standing(simulation)
  const memories = runners.map(() => createMemory(world))
  const running = await match(simulation, runners, memories)
  return {
    running,
    name: () =>
      digest([world(), ...memories.map((memory, runner) => nameOf(memory, running, runner))].join(' ')),
  }
}

/** What a runner was told does not matter any more once it has ended, and has left nothing under way. */
function nameOf(memory: Memory, { ends, waiting }: Match<unknown>, runner: number): string {
  const end = ends[runner]
  const isActive = end === undefined || waiting.some((one) => one.runner === runner)
  return `${end?.kind ?? 'acts'} ${isActive ? memory.name() : ''}`
}

const stateAtStart = async (game: Game, atlas: Atlas): Promise<State> => stateOf(await begun(game), atlas)

function stateOf({ running, name }: Board, atlas: Atlas): State {
  const text = name()
  const known = atlas.states.get(text)
  if (known !== undefined) return known
  const isOver = running.ends.every((end) => end !== undefined)
  if (isOver) atlas.ends += 1
  const state: State = {
    isOver,
    isPoint: [0, 1].map((runner) => isPoint(running, runner, atlas.points)),
    next: [],
    counts: [],
  }
  atlas.states.set(text, state)
  return state
}

/** Where the turn can change: both go on, and the next step of who is stopped is one at which it can be. */
function isPoint({ waiting, ends }: Match<unknown>, runner: number, points: Atlas['points']): boolean {
  const other = waiting.some((one) => one.runner !== runner)
  const own = following({ waiting }, runner, 2)
  if (!other || own === 'stuck' || own.runner !== runner || ends.some((end) => end !== undefined))
    return false
  return points === 'steps' || own.call !== null
}

/** The next step of this runner, or of the other where it has none; says whose it was. */
async function makeOne({ waiting, make }: Match<unknown>, runner: number): Promise<number> {
  const step = following({ waiting }, runner, 2)
  if (step === 'stuck') throw new Error('no runner can go on, and none has ended')
  await make(step)
  return step.runner
}

import type { End, Lane, Simulation } from '@alt-las/simulated-cluster'
import { startProcesses, type Processes } from './processes.ts'
import { createHistoryRecorder } from './process-history.ts'
import {
  endOf,
  goingBy,
  isLearnt,
  isOver,
  kept,
  next,
  type InboxContent,
  type ProcessHistory,
  type State,
  type Process,
  type World,
} from './state.ts'
import type { Schedule } from './schedule.ts'
import { worldName } from './world-name.ts'

/** A new world with its two processes. It must be the same each time. */
export interface Game {
  readonly simulation: Simulation
  readonly runners: readonly ((lane: Lane) => Promise<unknown>)[]
}

export interface Seen<G extends Game> {
  readonly game: G
  /** Leads here again. */
  readonly schedule: Schedule
  /** By process; undefined for one that goes on: its further steps were seen in an earlier game. */
  readonly ends: readonly (End<unknown> | undefined)[]
}

/**
 * All states that were visited in games of two processes. The effect of a step depends on the world and on the history of its process only:
 * the answers, watch events and clock readings that it received, in their order. Processes have no other input and no random numbers. The
 * other process learns of the step by events in its inbox. So a step that was seen once is known in every later game, whatever the other
 * process has received meanwhile; and each game that is played checks again all steps that it shares with earlier ones.
 */
export interface VisitedStates {
  readonly start: State
  /** Whether each step of a schedule was seen, and its end was judged. */
  readonly isKnown: (schedule: Schedule) => boolean
  /** Plays a schedule to its end, or to the first step after its new ones from where all is known. */
  readonly play: (schedule: Schedule) => Promise<void>
  /** Whether a game was played to this end. */
  readonly isJudged: (over: State) => boolean
  /** Games that were played, and the distinct ends of those that reached one. */
  readonly sum: () => { readonly played: number; readonly ends: number }
}

export interface VisitedStatesOptions<G extends Game> {
  readonly begin: () => G
  /** Judges each game that was played. An error that it throws ends the search. */
  readonly look: (seen: Seen<G>) => Promise<void> | void
}

export async function createVisitedStates<G extends Game>({
  begin,
  look,
}: VisitedStatesOptions<G>): Promise<VisitedStates> {
  const names: Names = { worlds: new Map(), histories: [new Map(), new Map()], inboxes: new Map() }
  const start = (await begun(begin(), names)).state()
  const ends = new Set<string>()
  let played = 0
  /** How many steps of a schedule were seen already; Infinity: all, and its end was judged. */
  const knownOf = (schedule: Schedule): number => {
    const going = goingBy(schedule)
    let here = start
    for (let steps = 0; ; steps += 1) {
      if (isOver(here)) return ends.has(endOf(here)) ? Infinity : steps
      const to = next(here, going(here))
      if (to === undefined) return steps
      here = to
    }
  }
  return {
    start,
    isKnown: (schedule) => knownOf(schedule) === Infinity,
    play: async (schedule) => {
      played += 1
      const game = begin()
      const { running, state } = await begun(game, names)
      const going = goingBy(schedule)
      let here = start
      let known = knownOf(schedule)
      for (let steps = 0; !isOver(here); steps += 1) {
        // Its new steps are made: are there more?
        if (steps > known && (known = knownOf(schedule)) === Infinity) break
        const runner = going(here)
        await running.make(runner)
        const to = state()
        if (!isLearnt({ from: here, to, runner }))
          throw new Error(`two games of one schedule differ, the later one of ${JSON.stringify(schedule)}`)
        here = to
      }
      if (isOver(here)) ends.add(endOf(here))
      await look({ game, schedule, ends: running.ends })
    },
    isJudged: (over) => ends.has(endOf(over)),
    sum: () => ({ played, ends: ends.size }),
  }
}

interface Names {
  readonly worlds: Map<string, World>
  /** By process: equal names of different processes are different histories. */
  readonly histories: readonly [Map<string, ProcessHistory>, Map<string, ProcessHistory>]
  readonly inboxes: Map<string, InboxContent>
}

interface Board {
  readonly running: Processes<unknown>
  /** Where it is now. */
  readonly state: () => State
}

async function begun({ simulation, runners }: Game, { worlds, histories, inboxes }: Names): Promise<Board> {
  const world = worldName(simulation)
  const recorders = [createHistoryRecorder(world), createHistoryRecorder(world)] as const
  const running = await startProcesses(simulation, runners, recorders)
  const processOf = (runner: 0 | 1): Process => {
    const { hasEnded, hasMessages, pending } = running.status(runner)
    // The history of a process no longer matters once it has ended and has no calls under way.
    const isActive = !hasEnded || pending.length > 0
    const name = isActive ? recorders[runner].name() : (running.ends[runner]?.kind ?? '')
    const heard = isActive ? running.inbox(runner) : ''
    return {
      history: kept(histories[runner], name, () => ({
        name,
        hasEnded,
        pending: pending.map(({ until }) => ({ until })),
        acts: new Map(),
      })),
      inbox: kept(inboxes, heard, () => ({
        name: heard,
        hasMessages: isActive && hasMessages,
        receives: new Map(),
      })),
    }
  }
  return {
    running,
    state: () => {
      const name = world()
      const elapsed = simulation.clock.elapsed()
      return { world: kept(worlds, name, () => ({ name, elapsed })), processes: [processOf(0), processOf(1)] }
    },
  }
}

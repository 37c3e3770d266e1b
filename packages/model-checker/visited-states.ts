import type { End, Lane, Simulation } from '@alt-las/simulated-cluster'
import { match, type Match } from './processes.ts'
import { createMemory } from './process-history.ts'
import {
  endOf,
  goingBy,
  isLearnt,
  isOver,
  kept,
  next,
  type Ears,
  type Mind,
  type Place,
  type Seat,
  type World,
} from './state.ts'
import type { Schedule } from './schedule.ts'
import { standing } from './world-name.ts'

/** A fresh world with its two runners; it has to be the same each time. */
export interface Game {
  readonly simulation: Simulation
  readonly runners: readonly ((lane: Lane) => Promise<unknown>)[]
}

export interface Seen<G extends Game> {
  readonly game: G
  /** Leads here again. */
  readonly schedule: Schedule
  /** By runner; undefined for one that goes on: what follows was seen in an earlier game. */
  readonly ends: readonly (End<unknown> | undefined)[]
}

/**
 * All that was seen of the games of two runners. What a step does depends on nothing but the world and on what its runner was told so far, in
 * its order: its answers, events of its watches, the times that it looked at; the runners have no other sources, and no dice. All that the
 * other one has of it is what its watches keep for it until its turn. So a step that was seen is known wherever it comes again, whatever
 * the other runner knows meanwhile; and each game that is played checks anew all the steps that it shares with earlier ones.
 */
export interface Atlas {
  readonly start: Place
  /** Whether each step of a schedule was seen, and a game that came to its end. */
  readonly isKnown: (schedule: Schedule) => boolean
  /** Plays a schedule to its end, or from its first new steps on to where what follows is known. */
  readonly play: (schedule: Schedule) => Promise<void>
  /** Whether a game was played to this very end. */
  readonly isJudged: (over: Place) => boolean
  /** Games that were really played, and the distinct ends of those that came to one. */
  readonly sum: () => { readonly played: number; readonly ends: number }
}

export interface AtlasOptions<G extends Game> {
  readonly begin: () => G
  /** Looks at each game that was played; what it throws ends the search. */
  readonly look: (seen: Seen<G>) => Promise<void> | void
}

export async function createAtlas<G extends Game>({ begin, look }: AtlasOptions<G>): Promise<Atlas> {
  const names: Names = { worlds: new Map(), minds: [new Map(), new Map()], ears: new Map() }
  const start = (await begun(begin(), names)).place()
  const ends = new Set<string>()
  let played = 0
  /** How many steps of a schedule were seen already; Infinity: all of them, and a game that came to its end. */
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
      const { running, place } = await begun(game, names)
      const going = goingBy(schedule)
      let here = start
      let known = knownOf(schedule)
      for (let steps = 0; !isOver(here); steps += 1) {
        // What was new is seen: is there more of it?
        if (steps > known && (known = knownOf(schedule)) === Infinity) break
        const runner = going(here)
        await running.make(runner)
        const to = place()
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
  /** By runner: two of one name are two. */
  readonly minds: readonly [Map<string, Mind>, Map<string, Mind>]
  readonly ears: Map<string, Ears>
}

interface Board {
  readonly running: Match<unknown>
  /** Where it is now. */
  readonly place: () => Place
}

async function begun({ simulation, runners }: Game, { worlds, minds, ears }: Names): Promise<Board> {
  const world = standing(simulation)
  const memories = [createMemory(world), createMemory(world)] as const
  const running = await match(simulation, runners, memories)
  const seatOf = (runner: 0 | 1): Seat => {
    const { hasEnded, hasMail, wishes } = running.stance(runner)
    // What it was told does not matter any more once it has ended, and has left nothing under way.
    const isActive = !hasEnded || wishes.length > 0
    const name = isActive ? memories[runner].name() : (running.ends[runner]?.kind ?? '')
    const heard = isActive ? running.ears(runner) : ''
    return {
      mind: kept(minds[runner], name, () => ({
        name,
        hasEnded,
        wishes: wishes.map(({ until }) => ({ until })),
        acts: new Map(),
      })),
      ears: kept(ears, heard, () => ({ name: heard, hasMail: isActive && hasMail, hears: new Map() })),
    }
  }
  return {
    running,
    place: () => {
      const name = world()
      const elapsed = simulation.clock.elapsed()
      return { world: kept(worlds, name, () => ({ name, elapsed })), seats: [seatOf(0), seatOf(1)] }
    },
  }
}

import { turns, type Moment, type Wish } from './turns.ts'
import type { Schedule } from './schedule.ts'

/** World and runners between two steps. */
export interface Place {
  readonly world: World
  /** By runner. */
  readonly seats: readonly [Seat, Seat]
}

/** The objects with their versions, the time, and what the controllers have still to do. */
export interface World {
  readonly name: string
  /** Virtual ms. */
  readonly elapsed: number
}

export interface Seat {
  readonly mind: Mind
  readonly ears: Ears
}

/** Where one runner stands, by all that it was told; one that has ended counts by how. */
export interface Mind {
  readonly name: string
  readonly hasEnded: boolean
  readonly wishes: readonly Wish[]
  /** Its next step, by the world in which it is made and by what it has still to hear. */
  readonly acts: Map<World, Map<Ears, Act>>
}

/** What the watches of a runner can tell it. */
export interface Ears {
  readonly name: string
  readonly hasMail: boolean
  /** What a step of the other one makes of it, by the worlds before and after. */
  readonly hears: Map<World, Map<World, Ears>>
}

interface Act {
  readonly world: World
  readonly seat: Seat
}

export const isOver = ({ seats }: Place): boolean => seats.every(({ mind }) => mind.hasEnded)

/** The name of an end: world, and how each has ended. */
export const endOf = ({ world, seats }: Place): string =>
  [world.name, ...seats.map(({ mind }) => mind.name)].join(' ')

export const momentOf = ({ world, seats }: Place): Moment => ({
  stances: seats.map(({ mind: { hasEnded, wishes }, ears: { hasMail } }) => ({ hasEnded, wishes, hasMail })),
  now: world.elapsed,
})

/** Where the next step of this runner leads; undefined: not seen yet. */
export function next({ world, seats }: Place, runner: number): Place | undefined {
  const [own, other] = inTurn(seats, runner)
  const act = own.mind.acts.get(world)?.get(own.ears)
  if (act === undefined) return undefined
  const ears = act.world === world ? other.ears : other.ears.hears.get(world)?.get(act.world)
  if (ears === undefined) return undefined
  return { world: act.world, seats: inTurn([act.seat, { mind: other.mind, ears }], runner) }
}

const inTurn = ([first, second]: Place['seats'], runner: number): Place['seats'] =>
  runner === 0 ? [first, second] : [second, first]

export interface Stride {
  readonly from: Place
  readonly to: Place
  readonly runner: number
}

/** Keeps what a step did; false where the same step was seen to do something else. */
export function isLearnt({ from, to, runner }: Stride): boolean {
  const [own, other] = inTurn(from.seats, runner)
  const [acted, heard] = inTurn(to.seats, runner)
  const act = kept(inside(own.mind.acts, from.world), own.ears, () => ({ world: to.world, seat: acted }))
  // Where nothing has happened there is nothing to be told.
  const ears =
    from.world === to.world
      ? other.ears
      : kept(inside(other.ears.hears, from.world), to.world, () => heard.ears)
  return (
    act.world === to.world &&
    act.seat.mind === acted.mind &&
    act.seat.ears === acted.ears &&
    heard.mind === other.mind &&
    heard.ears === ears
  )
}

/** Far more than any run takes: beyond it, one waits for what never comes. */
const mostSteps = 2000

/** Whose step is next; to be asked once for each. Throws where there is none, or no end. */
export function goingBy(schedule: Schedule): (here: Place) => number {
  const turn = turns(schedule)
  let steps = 0
  return (here) => {
    const runner = turn(momentOf(here))
    steps += 1
    if (typeof runner === 'string' || steps > mostSteps)
      throw new Error(
        `${runner === 'stuck' ? 'no runner can go on' : 'no end'} after ${String(steps)} steps of ${JSON.stringify(schedule)}`,
      )
    return runner
  }
}

/** What a map holds for a key; made where it holds nothing yet. */
export function kept<K, V>(all: Map<K, V>, key: K, make: () => V): V {
  const known = all.get(key)
  if (known !== undefined) return known
  const made = make()
  all.set(key, made)
  return made
}

/** A map in a map. */
export const inside = <K, L, V>(all: Map<K, Map<L, V>>, key: K): Map<L, V> =>
  kept(all, key, () => new Map<L, V>())

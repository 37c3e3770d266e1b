import type { Atlas } from './visited-states.ts'
import { inside, isOver, kept, momentOf, next, type Mind, type Place, type World } from './state.ts'
import type { Schedule } from './schedule.ts'
import { firstOf, following } from './turns.ts'

export interface ExploreOptions {
  /** At most so many changes of turn. */
  readonly switches: number
  /** Where a runner can be stopped: before each call (default), or before each sleep too. */
  readonly points?: 'calls' | 'steps'
  /** The runners differ in nothing but their names: what one does first, the other one would. Default false. */
  readonly alike?: boolean
}

export interface Explored {
  /** All schedules of up to so many switches; every step of each was seen. */
  readonly schedules: number
  /** Distinct states of world and runners. */
  readonly states: number
}

/** A place, with what follows from it. */
interface State {
  readonly place: Place
  readonly isOver: boolean
  /** By runner: whether it can be stopped here. */
  readonly isPoint: readonly boolean[]
  /** By who goes on. */
  readonly next: (State | undefined)[]
  /** Schedules that begin here, by who goes on and how many switches are left. */
  readonly counts: (number | undefined)[]
}

/** How a state was come to: as in a schedule of `switches`, so many steps of it. */
interface Route {
  readonly first: number
  readonly at: readonly number[]
  readonly steps: number
}

/**
 * Every schedule of two runners with at most so many switches, without playing the same twice: a schedule is played where one of its steps
 * was not seen yet, or where nobody has come to its end. Where a runner reads what the other has not touched, it makes no difference
 * who went first: such orders meet again after two steps, and that is where most of them go. Nothing is estimated: a schedule is counted when
 * each of its steps is known.
 */
export async function explore(atlas: Atlas, options: ExploreOptions): Promise<Explored> {
  const { switches, points = 'calls', alike = false } = options
  const states = createStates(points)
  const counted = counting(atlas, states)
  const start = states.of(atlas.start)
  let schedules = 0
  for (const first of alike ? [0] : [0, 1]) {
    const count = () => counted(start, { first, at: [], steps: 0 }, { runner: first, left: switches })
    let found = count()
    for (; typeof found !== 'number'; found = count()) await atlas.play(found)
    schedules += found
  }
  return { schedules: alike ? 2 * schedules : schedules, states: states.count() }
}

interface Going {
  /** Whose turn it is. */
  readonly runner: number
  /** Changes of turn that may still come. */
  readonly left: number
}

/** How many schedules go on from a state; or one that has to be played before that can be said. */
type Counted = (here: State, route: Route, going: Going) => number | Schedule

function counting(atlas: Atlas, states: States): Counted {
  const counted: Counted = (here, route, going) => {
    const key = 2 * going.left + going.runner
    const known = here.counts[key]
    if (known !== undefined) return known
    const count = afresh(here, route, going)
    if (typeof count === 'number') here.counts[key] = count
    return count
  }
  const afresh: Counted = (here, { first, at, steps }, { runner: wanted, left }) => {
    const schedule: Schedule = { kind: 'switches', at, first }
    if (here.isOver) return atlas.isJudged(here.place) ? 1 : schedule
    const runner = following(momentOf(here.place).stances, wanted)
    // It is played to say what it is stuck in.
    if (runner === 'stuck') return schedule
    const to = (here.next[runner] ??= states.known(next(here.place, runner)))
    if (to === undefined) return schedule
    const straight = counted(to, { first, at, steps: steps + 1 }, { runner, left })
    if (typeof straight !== 'number' || left === 0 || to.isPoint[runner] !== true) return straight
    const turned = { first, at: [...at, steps + 1], steps: steps + 1 }
    const others = counted(to, turned, { runner: 1 - runner, left: left - 1 })
    return typeof others === 'number' ? straight + others : others
  }
  return counted
}

interface States {
  /** One for each place. */
  readonly of: (place: Place) => State
  readonly known: (place: Place | undefined) => State | undefined
  readonly count: () => number
}

function createStates(points: 'calls' | 'steps'): States {
  const all = new Map<World, Map<Mind, Map<Mind, State[]>>>()
  let count = 0
  const of = (place: Place): State => {
    const [first, second] = place.seats
    const here = kept(inside(inside(all, place.world), first.mind), second.mind, () => [])
    const found = here.find(
      ({ place: { seats } }) => seats[0].ears === first.ears && seats[1].ears === second.ears,
    )
    if (found !== undefined) return found
    count += 1
    const isPoint = [0, 1].map((runner) => canStop(place, runner, points))
    const state: State = { place, isOver: isOver(place), isPoint, next: [], counts: [] }
    here.push(state)
    return state
  }
  return { of, known: (place) => place && of(place), count: () => count }
}

/** Where the turn can change: both go on, and the next step of who is stopped is one at which it can be. */
function canStop({ seats: [first, second] }: Place, runner: number, points: 'calls' | 'steps'): boolean {
  if (first.mind.hasEnded || second.mind.hasEnded) return false
  const step = firstOf((runner === 0 ? first : second).mind.wishes)
  return step !== undefined && (points === 'steps' || step.until === null)
}

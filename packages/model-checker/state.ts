import { turns, type Moment, type PendingStep } from './turns.ts'
import type { Schedule } from './schedule.ts'

/** World and processes between two steps. */
export interface State {
  readonly world: World
  /** By process. */
  readonly processes: readonly [Process, Process]
}

/** The objects with their versions, the time, and the controllers' pending work. */
export interface World {
  readonly name: string
  /** Virtual ms. */
  readonly elapsed: number
}

export interface Process {
  readonly history: ProcessHistory
  readonly inbox: InboxContent
}

/** All that one process has received, under one name. For one that has ended, how it ended. */
export interface ProcessHistory {
  readonly name: string
  readonly hasEnded: boolean
  readonly pending: readonly PendingStep[]
  /** Its next step, by the world and by the events that wait for it. */
  readonly acts: Map<World, Map<InboxContent, Act>>
}

/** The events that wait for a process. */
export interface InboxContent {
  readonly name: string
  readonly hasMessages: boolean
  /** The inbox after a step of the other process, by the worlds before and after. */
  readonly receives: Map<World, Map<World, InboxContent>>
}

interface Act {
  readonly world: World
  readonly process: Process
}

export const isOver = ({ processes }: State): boolean => processes.every(({ history }) => history.hasEnded)

/** The name of an end: world, and how each has ended. */
export const endOf = ({ world, processes }: State): string =>
  [world.name, ...processes.map(({ history }) => history.name)].join(' ')

export const momentOf = ({ world, processes }: State): Moment => ({
  statuses: processes.map(({ history: { hasEnded, pending }, inbox: { hasMessages } }) => ({
    hasEnded,
    pending,
    hasMessages,
  })),
  now: world.elapsed,
})

/** The state after the next step of this process; undefined: not seen yet. */
export function next({ world, processes }: State, runner: number): State | undefined {
  const [own, other] = inTurn(processes, runner)
  const act = own.history.acts.get(world)?.get(own.inbox)
  if (act === undefined) return undefined
  const inbox = act.world === world ? other.inbox : other.inbox.receives.get(world)?.get(act.world)
  if (inbox === undefined) return undefined
  return { world: act.world, processes: inTurn([act.process, { history: other.history, inbox }], runner) }
}

const inTurn = ([first, second]: State['processes'], runner: number): State['processes'] =>
  runner === 0 ? [first, second] : [second, first]

export interface Stride {
  readonly from: State
  readonly to: State
  readonly runner: number
}

/** Records the effect of a step; false where the same step has had another effect before. */
export function isLearnt({ from, to, runner }: Stride): boolean {
  const [own, other] = inTurn(from.processes, runner)
  const [acted, heard] = inTurn(to.processes, runner)
  const act = kept(inside(own.history.acts, from.world), own.inbox, () => ({
    world: to.world,
    process: acted,
  }))
  // A step that changes nothing sends no events.
  const inbox =
    from.world === to.world
      ? other.inbox
      : kept(inside(other.inbox.receives, from.world), to.world, () => heard.inbox)
  return (
    act.world === to.world &&
    act.process.history === acted.history &&
    act.process.inbox === acted.inbox &&
    heard.history === other.history &&
    heard.inbox === inbox
  )
}

/** Far more than any run takes: beyond it, a process waits for ever. */
const mostSteps = 2000

/** Whose step is next; ask once per step. Throws where no process can go on, and after too many steps. */
export function goingBy(schedule: Schedule): (here: State) => number {
  const turn = turns(schedule)
  let steps = 0
  return (here) => {
    const runner = turn(momentOf(here))
    steps += 1
    if (typeof runner === 'string' || steps > mostSteps)
      throw new Error(
        `${runner === 'stuck' ? 'no process can go on' : 'no end'} after ${steps} steps of ${JSON.stringify(schedule)}`,
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

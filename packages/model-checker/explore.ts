import type { VisitedStates } from './visited-states.ts'
import { inside, isOver, kept, momentOf, next, type ProcessHistory, type State, type World } from './state.ts'
import type { Schedule } from './schedule.ts'
import { firstOf, following } from './turns.ts'

export interface ExploreOptions {
  /** At most so many preemptions: changes of turn while both processes could go on. */
  readonly preemptionBound: number
  /** Where a process can be preempted: before each call (default), or before each sleep too. */
  readonly points?: 'calls' | 'steps'
  /** The processes differ only in their names, so one of the two orders of beginning is enough. Default false. */
  readonly alike?: boolean
}

export interface Explored {
  /** All schedules of up to so many preemptionBound; every step of each was seen. */
  readonly schedules: number
  /** Distinct nodes of world and runners. */
  readonly states: number
}

/** A state with its successors. */
interface Node {
  readonly state: State
  readonly isOver: boolean
  /** By process: whether it can be preempted here. */
  readonly isPoint: readonly boolean[]
  /** By the process that goes on. */
  readonly next: (Node | undefined)[]
  /** Schedules that begin here, by who goes on and how many preemptionBound are left. */
  readonly counts: (number | undefined)[]
}

/** The steps of a schedule that lead to a node. */
interface Route {
  readonly first: number
  readonly at: readonly number[]
  readonly steps: number
}

/**
 * Covers every schedule of two processes within the bound, and plays none twice: a schedule is played only where one of its steps is new, or
 * where its end was not judged yet. Two steps that do not touch each other lead to the same state in either order; most schedules meet
 * again that way. Nothing is estimated: a schedule is counted once all its steps are known.
 */
export async function explore(visitedStates: VisitedStates, options: ExploreOptions): Promise<Explored> {
  const { preemptionBound, points = 'calls', alike = false } = options
  const nodes = createNodes(points)
  const counted = counting(visitedStates, nodes)
  const start = nodes.of(visitedStates.start)
  let schedules = 0
  for (const first of alike ? [0] : [0, 1]) {
    const count = () => counted(start, { first, at: [], steps: 0 }, { runner: first, left: preemptionBound })
    let found = count()
    for (; typeof found !== 'number'; found = count()) await visitedStates.play(found)
    schedules += found
  }
  return { schedules: alike ? 2 * schedules : schedules, states: nodes.count() }
}

interface Going {
  /** Whose turn it is. */
  readonly runner: number
  /** Preemptions that are left. */
  readonly left: number
}

/** How many schedules go on from a node, or one that must be played first. */
type Counted = (here: Node, route: Route, going: Going) => number | Schedule

function counting(visitedStates: VisitedStates, nodes: Nodes): Counted {
  const counted: Counted = (here, route, going) => {
    const key = 2 * going.left + going.runner
    const known = here.counts[key]
    if (known !== undefined) return known
    const found = count(here, route, going)
    if (typeof found === 'number') here.counts[key] = found
    return found
  }
  const count: Counted = (here, { first, at, steps }, { runner: wanted, left }) => {
    const schedule: Schedule = { kind: 'switches', at, first }
    if (here.isOver) return visitedStates.isJudged(here.state) ? 1 : schedule
    const runner = following(momentOf(here.state).statuses, wanted)
    // Playing it throws the error that names the schedule.
    if (runner === 'stuck') return schedule
    const to = (here.next[runner] ??= nodes.known(next(here.state, runner)))
    if (to === undefined) return schedule
    const straight = counted(to, { first, at, steps: steps + 1 }, { runner, left })
    if (typeof straight !== 'number' || left === 0 || to.isPoint[runner] !== true) return straight
    const turned = { first, at: [...at, steps + 1], steps: steps + 1 }
    const others = counted(to, turned, { runner: 1 - runner, left: left - 1 })
    return typeof others === 'number' ? straight + others : others
  }
  return counted
}

interface Nodes {
  /** The one node of a state. */
  readonly of: (state: State) => Node
  readonly known: (state: State | undefined) => Node | undefined
  readonly count: () => number
}

function createNodes(points: 'calls' | 'steps'): Nodes {
  const all = new Map<World, Map<ProcessHistory, Map<ProcessHistory, Node[]>>>()
  let count = 0
  const of = (state: State): Node => {
    const [first, second] = state.processes
    const here = kept(inside(inside(all, state.world), first.history), second.history, () => [])
    const found = here.find(
      ({ state: { processes } }) => processes[0].inbox === first.inbox && processes[1].inbox === second.inbox,
    )
    if (found !== undefined) return found
    count += 1
    const isPoint = [0, 1].map((runner) => canStop(state, runner, points))
    const node: Node = { state, isOver: isOver(state), isPoint, next: [], counts: [] }
    here.push(node)
    return node
  }
  return { of, known: (state) => state && of(state), count: () => count }
}

/** Both processes go on, and the next step of the preempted one is a point of preemption. */
function canStop({ processes: [first, second] }: State, runner: number, points: 'calls' | 'steps'): boolean {
  if (first.history.hasEnded || second.history.hasEnded) return false
  const step = firstOf((runner === 0 ? first : second).history.pending)
  return step !== undefined && (points === 'steps' || step.until === null)
}

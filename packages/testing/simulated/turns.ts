import type { Call } from '../cluster.ts'
import type { Schedule } from './schedule.ts'

/** A step that a runner wants to make. */
export interface Waiting {
  readonly runner: number
  /** null: it sleeps. */
  readonly call: Call | null
  /** When it would wake, in virtual ms; null for a call. */
  readonly until: number | null
  readonly go: () => Promise<void>
}

export interface Moment {
  readonly waiting: readonly Waiting[]
  readonly now: number
  readonly ended: readonly boolean[]
}

/** `over`: all that the schedule lets end has ended. */
export type Turn = Waiting | 'over' | 'stuck'

/** Whose step is next, by a schedule; asked once for each step. */
export function turns(schedule: Schedule, runners: number): (moment: Moment) => Turn {
  switch (schedule.kind) {
    case 'switches':
      return bySwitches(schedule, runners)
    case 'random':
      return byChance(schedule, runners)
    case 'paused':
      return byPause(schedule, runners)
  }
}

function bySwitches(
  { at, first = 0 }: Schedule & { kind: 'switches' },
  runners: number,
): (moment: Moment) => Turn {
  let current = first
  let steps = 0
  return (moment) => {
    if (at.includes(steps)) current = (current + 1) % runners
    steps += 1
    const found = following(moment, current, runners)
    if (found !== 'stuck') current = found.runner
    return found
  }
}

function byChance(
  { seed, switches = Infinity, fair = false }: Schedule & { kind: 'random' },
  runners: number,
): (moment: Moment) => Turn {
  const draw = generator(seed)
  let left = switches
  let current = Math.floor(draw() * runners)
  // With few changes of turn to spend, they are spread over a history of about a hundred steps.
  const often = switches === Infinity ? 0.5 : 0.03 * switches
  return (moment) => {
    const isAwake = ({ until }: Waiting) => until === null || until <= moment.now
    const awake = moment.waiting.filter(isAwake)
    const able = fair ? (awake.length > 0 ? awake : firstToWake(moment.waiting)) : moment.waiting
    const wishes = draw()
    const pick = draw()
    if (left > 0 && wishes < often) {
      const others = [...new Set(able.map(({ runner }) => runner))].filter((runner) => runner !== current)
      const other = others[Math.floor(pick * others.length)]
      if (other !== undefined) {
        current = other
        left -= 1
      }
    }
    const found = following({ ...moment, waiting: able }, current, runners)
    if (found !== 'stuck') current = found.runner
    return found
  }
}

function firstToWake(waiting: readonly Waiting[]): readonly Waiting[] {
  const earliest = Math.min(...waiting.map(({ until }) => until ?? 0))
  return waiting.filter(({ until }) => (until ?? 0) === earliest)
}

function byPause(
  { runner, after, wakes }: Schedule & { kind: 'paused' },
  runners: number,
): (moment: Moment) => Turn {
  let made = 0
  return (moment) => {
    const others = moment.waiting.filter((one) => one.runner !== runner)
    const rest = moment.ended.every((ended, index) => ended || index === runner)
    if (made < after || (rest && wakes === 'late')) {
      made += 1
      const own = following(moment, runner, runners)
      return own
    }
    return rest ? 'over' : following({ ...moment, waiting: others }, (runner + 1) % runners, runners)
  }
}

/** The next step of this runner, or of the first after it that has one: calls before sleeps, short sleeps before long ones. */
export function following(
  { waiting }: Pick<Moment, 'waiting'>,
  runner: number,
  runners: number,
): Waiting | 'stuck' {
  for (let index = 0; index < runners; index += 1) {
    const own = waiting.filter((one) => one.runner === (runner + index) % runners)
    const call = own.find(({ until }) => until === null)
    if (call !== undefined) return call
    const [first, ...rest] = own
    if (first !== undefined)
      return rest.reduce((best, one) => ((one.until ?? 0) < (best.until ?? 0) ? one : best), first)
  }
  return 'stuck'
}

/** Numbers in [0, 1) that depend on the seed alone. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

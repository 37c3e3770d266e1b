import type { Schedule } from './schedule.ts'

/** A step that a process is about to make. */
export interface PendingStep {
  /** When a sleep ends, in virtual ms; null: the step is a call. */
  readonly until: number | null
}

/** One process between two steps. */
export interface ProcessStatus {
  readonly hasEnded: boolean
  readonly pending: readonly PendingStep[]
  /** Its watches hold events that it has not received. */
  readonly hasMessages: boolean
}

export interface Moment {
  /** By runner. */
  readonly statuses: readonly ProcessStatus[]
  /** Virtual ms. */
  readonly now: number
}

/** Whose step is next; `over`: every process that the schedule lets end has ended. */
export type Turn = number | 'over' | 'stuck'

/** Whose step is next under this schedule. Ask once per step. */
export function turns(schedule: Schedule): (moment: Moment) => Turn {
  switch (schedule.kind) {
    case 'switches':
      return bySwitches(schedule)
    case 'random':
      return byChance(schedule)
    case 'paused':
      return byPause(schedule)
  }
}

function bySwitches({ at, first = 0 }: Schedule & { kind: 'switches' }): (moment: Moment) => Turn {
  let current = first
  let steps = 0
  return ({ statuses }) => {
    if (at.includes(steps)) current += 1
    steps += 1
    const found = following(statuses, current)
    if (found !== 'stuck') current = found
    return found
  }
}

function byChance({ seed, switches = Infinity, fair = false }: Schedule & { kind: 'random' }) {
  const draw = generator(seed)
  let left = switches
  let current: number | null = null
  // With few changes of turn to spend, they are spread over a history of about a hundred steps.
  const often = switches === Infinity ? 0.5 : 0.03 * switches
  return (moment: Moment): Turn => {
    const able = fair ? awake(moment) : moment.statuses
    current ??= Math.floor(draw() * able.length)
    const change = draw()
    const pick = draw()
    if (left > 0 && change < often) {
      const others = able.flatMap((one, runner) => (runner !== current && canGo(one) ? [runner] : []))
      const other = others[Math.floor(pick * others.length)]
      if (other !== undefined) {
        current = other
        left -= 1
      }
    }
    const found = following(able, current)
    if (found !== 'stuck') current = found
    return found
  }
}

const rests: ProcessStatus = { hasEnded: true, pending: [], hasMessages: false }

/** While any process has work to do, no sleeper; else only those that wake first. */
function awake({ statuses, now }: Moment): readonly ProcessStatus[] {
  const due = (one: ProcessStatus): number =>
    one.hasMessages && canGo(one) ? now : Math.min(...one.pending.map(({ until }) => until ?? now))
  const next = Math.max(now, Math.min(...statuses.map(due)))
  return statuses.map((one) => (due(one) <= next ? one : rests))
}

function byPause({ runner, after, wakes }: Schedule & { kind: 'paused' }): (moment: Moment) => Turn {
  let made = 0
  return ({ statuses }) => {
    const areDone = statuses.every(({ hasEnded }, index) => hasEnded || index === runner)
    if (made < after || (areDone && wakes === 'late')) {
      made += 1
      return following(statuses, runner)
    }
    const others = statuses.map((one, index) => (index === runner ? rests : one))
    return areDone ? 'over' : following(others, runner + 1)
  }
}

/** This process, or the next one after it that can go on. */
export function following(statuses: readonly ProcessStatus[], runner: number): number | 'stuck' {
  for (let index = 0; index < statuses.length; index += 1) {
    const one = (runner + index) % statuses.length
    if (canGo(statuses[one] ?? rests)) return one
  }
  return 'stuck'
}

/** A process that has ended may still have calls under way, but receives no events. */
const canGo = ({ pending, hasMessages, hasEnded }: ProcessStatus): boolean =>
  pending.length > 0 || (hasMessages && !hasEnded)

/** The next step of a process: calls before sleeps, short sleeps before long ones. */
export function firstOf<W extends PendingStep>(pending: readonly W[]): W | undefined {
  const [first, ...rest] = pending
  return (
    pending.find(({ until }) => until === null) ??
    (first && rest.reduce((best, one) => ((one.until ?? 0) < (best.until ?? 0) ? one : best), first))
  )
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

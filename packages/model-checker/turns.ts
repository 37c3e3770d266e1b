import type { Schedule } from './schedule.ts'

/** A step that a runner wants to make. */
export interface Wish {
  /** When it would wake, in virtual ms; null: it is a call. */
  readonly until: number | null
}

/** One runner between two steps. */
export interface Stance {
  readonly hasEnded: boolean
  readonly wishes: readonly Wish[]
  /** Its watches have something to tell that it has not heard. */
  readonly hasMail: boolean
}

export interface Moment {
  /** By runner. */
  readonly stances: readonly Stance[]
  /** Virtual ms. */
  readonly now: number
}

/** Whose step is next; `over`: all that the schedule lets end has ended. */
export type Turn = number | 'over' | 'stuck'

/** Whose step is next, by a schedule; to be asked once for each step. */
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
  return ({ stances }) => {
    if (at.includes(steps)) current += 1
    steps += 1
    const found = following(stances, current)
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
    const able = fair ? awake(moment) : moment.stances
    current ??= Math.floor(draw() * able.length)
    const wishes = draw()
    const pick = draw()
    if (left > 0 && wishes < often) {
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

const rests: Stance = { hasEnded: true, wishes: [], hasMail: false }

/** Of those who sleep only who wakes first, and where anybody has something to do, none of them. */
function awake({ stances, now }: Moment): readonly Stance[] {
  const due = (one: Stance): number =>
    one.hasMail && canGo(one) ? now : Math.min(...one.wishes.map(({ until }) => until ?? now))
  const next = Math.max(now, Math.min(...stances.map(due)))
  return stances.map((one) => (due(one) <= next ? one : rests))
}

function byPause({ runner, after, wakes }: Schedule & { kind: 'paused' }): (moment: Moment) => Turn {
  let made = 0
  return ({ stances }) => {
    const areDone = stances.every(({ hasEnded }, index) => hasEnded || index === runner)
    if (made < after || (areDone && wakes === 'late')) {
      made += 1
      return following(stances, runner)
    }
    const others = stances.map((one, index) => (index === runner ? rests : one))
    return areDone ? 'over' : following(others, runner + 1)
  }
}

/** This runner, or the first after it that can go on. */
export function following(stances: readonly Stance[], runner: number): number | 'stuck' {
  for (let index = 0; index < stances.length; index += 1) {
    const one = (runner + index) % stances.length
    if (canGo(stances[one] ?? rests)) return one
  }
  return 'stuck'
}

/** Who has ended may have left something under way, and hears nothing any more. */
const canGo = ({ wishes, hasMail, hasEnded }: Stance): boolean => wishes.length > 0 || (hasMail && !hasEnded)

/** What a runner does next: calls before sleeps, short sleeps before long ones. */
export function firstOf<W extends Wish>(wishes: readonly W[]): W | undefined {
  const [first, ...rest] = wishes
  return (
    wishes.find(({ until }) => until === null) ??
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

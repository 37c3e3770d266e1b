import { type Call, each, type End, type Lane, type Simulation } from '@alt-las/simulated-cluster'
import { createMailbox, type Mailbox } from './inbox.ts'
import { noMemory, type Memory } from './process-history.ts'
import { firstOf, type Stance, type Wish } from './turns.ts'

/** Several runners at one cluster, each before its next step. */
export interface Match<T> {
  readonly stance: (runner: number) => Stance
  /** By runner; undefined while it goes on. */
  readonly ends: readonly (End<T> | undefined)[]
  /** By runner: all that its watches can tell it, under one name. */
  readonly ears: (runner: number) => string
  /**
   * This runner hears what has happened, makes the next of its steps, and lets every promise go on that can. Returns the call that it
   * made; null: it slept, or what it heard has left it nothing to do.
   */
  make(runner: number): Promise<Call | null>
}

/** A step is one call to the cluster or one sleep; `memories` keep what each runner is told. */
export async function match<T>(
  simulation: Simulation,
  runners: readonly ((lane: Lane) => Promise<T>)[],
  memories: readonly Memory[] = [],
): Promise<Match<T>> {
  const ends: (End<T> | undefined)[] = runners.map(() => undefined)
  const seats = runners.map((_, runner): Seat => {
    const memory = memories[runner] ?? noMemory
    return { simulation, memory, mailbox: createMailbox(memory), steps: [] }
  })
  const turn = (runner: number | null): void => {
    seats.forEach(({ mailbox }, index) => {
      mailbox.turn(index === runner)
    })
  }
  runners.forEach((run, runner) => {
    run(laneOf(seats[runner] as Seat)).then(
      (value) => (ends[runner] = { kind: 'returned', value }),
      (error: unknown) => (ends[runner] = { kind: 'threw', error }),
    )
  })
  await everybodyWaits()
  return {
    ends,
    ears: (runner) => seats[runner]?.mailbox.name() ?? '',
    stance: (runner) => {
      const { steps, mailbox } = seats[runner] as Seat
      return { hasEnded: ends[runner] !== undefined, wishes: steps, hasMail: mailbox.hasMail() }
    },
    make: async (runner) => {
      const { steps, mailbox } = seats[runner] as Seat
      const hasMail = mailbox.hasMail()
      turn(runner)
      if (hasMail) await everybodyWaits()
      const step = firstOf(steps)
      if (step === undefined) return null
      steps.splice(steps.indexOf(step), 1)
      await step.go()
      await everybodyWaits()
      return step.call
    },
  }
}

/** Every promise that could go on has gone on. */
const everybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One that can be made. */
interface Step extends Wish {
  /** null: it sleeps. */
  readonly call: Call | null
  readonly go: () => Promise<void>
}

/** What is one runner's own. */
interface Seat {
  readonly simulation: Simulation
  readonly memory: Memory
  readonly mailbox: Mailbox
  /** Those that it wants to make now. */
  readonly steps: Step[]
}

function laneOf(seat: Seat): Lane {
  const { steps, memory, mailbox } = seat
  const { cluster, clock } = seat.simulation
  const make = (call: Call, made: Promise<unknown>, { resolve, reject }: Settle): Promise<void> =>
    made.then(
      (answer) => {
        memory.told(call.verb, call.verb === 'watch' ? '' : answer)
        resolve(answer)
      },
      (error: unknown) => {
        memory.told(call.verb, error)
        reject(error)
      },
    )
  const lane = each((call, deed) => {
    const { promise, resolve, reject } = Promise.withResolvers<never>()
    const go = () => make(call, deed(cluster), { resolve: resolve as Settle['resolve'], reject })
    steps.push({ call, until: null, go })
    return promise
  })
  const elapsed = (): number => {
    memory.looked(clock.elapsed())
    return clock.elapsed()
  }
  return {
    cluster: {
      ...lane,
      watch: (at, signal) => mailbox.heard(at, (until) => lane.watch(at, until), signal) as never,
    },
    clock: {
      now: () => {
        elapsed()
        return clock.now()
      },
      elapsed,
      sleep: (ms, signal) => sleeping(seat, { ms, until: elapsed() + ms }, signal),
    },
  }
}

interface Settle {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Time passes when the sleeper's turn comes; whoever wakes it by its signal wakes it at once. */
function sleeping(
  { simulation: { clock }, steps, memory }: Seat,
  { ms, until }: { readonly ms: number; readonly until: number },
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted === true) return clock.sleep(0, signal)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const go = async () => {
    signal?.removeEventListener('abort', woken)
    const left = Math.min(ms, Math.max(0, until - clock.elapsed()))
    await clock.sleep(left, signal).then(() => {
      memory.woke()
      resolve()
    }, reject)
  }
  const step: Step = { call: null, until, go }
  const woken = () => {
    steps.splice(steps.indexOf(step), 1)
    reject(signal?.reason as Error)
  }
  signal?.addEventListener('abort', woken, { once: true })
  steps.push(step)
  return promise
}

import type { Call } from '../cluster.ts'
import type { End, Lane } from './faulty.ts'
import { noMemory, type Memory } from './memory.ts'
import { each } from './passing.ts'
import type { Simulation } from './simulation.ts'
import type { Waiting } from './turns.ts'

/** Several runners at one cluster, each before its next step. */
export interface Match<T> {
  /** The steps that runners want to make now. */
  readonly waiting: readonly Waiting[]
  /** By runner; undefined while it goes on. */
  readonly ends: readonly (End<T> | undefined)[]
  /** Makes one of the steps, and lets every promise go on that can. */
  make(step: Waiting): Promise<void>
}

/** A step is one call to the cluster or one sleep; `memories` keep what each runner is told. */
export async function match<T>(
  simulation: Simulation,
  runners: readonly ((lane: Lane) => Promise<T>)[],
  memories: readonly Memory[] = [],
): Promise<Match<T>> {
  const waiting: Waiting[] = []
  const ends: (End<T> | undefined)[] = runners.map(() => undefined)
  runners.forEach((run, runner) => {
    run(laneOf({ runner, simulation, waiting, memory: memories[runner] ?? noMemory })).then(
      (value) => (ends[runner] = { kind: 'returned', value }),
      (error: unknown) => (ends[runner] = { kind: 'threw', error }),
    )
  })
  await everybodyWaits()
  return {
    waiting,
    ends,
    make: async (step) => {
      waiting.splice(waiting.indexOf(step), 1)
      await step.go()
      await everybodyWaits()
    },
  }
}

/** Every promise that could go on has gone on. */
const everybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Place {
  readonly runner: number
  readonly simulation: Simulation
  readonly waiting: Waiting[]
  readonly memory: Memory
}

function laneOf(place: Place): Lane {
  const { runner, waiting, memory } = place
  const { cluster, clock } = place.simulation
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
    waiting.push({ runner, call, until: null, go })
    return promise
  })
  const elapsed = (): number => {
    memory.looked(clock.elapsed())
    return clock.elapsed()
  }
  return {
    cluster: { ...lane, watch: (at, signal) => heard(lane.watch(at, signal), memory) as never },
    clock: {
      now: () => {
        elapsed()
        return clock.now()
      },
      elapsed,
      sleep: (ms, signal) => sleeping(place, { ms, until: elapsed() + ms }, signal),
    },
  }
}

interface Settle {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

async function* heard(events: AsyncIterable<unknown>, memory: Memory): AsyncGenerator<unknown> {
  for await (const seen of events) {
    const { type, object } = seen as { readonly type: string; readonly object?: unknown }
    memory.told(type, object)
    yield seen
  }
}

/** Time passes when the sleeper's turn comes; whoever wakes it by its signal wakes it at once. */
function sleeping(
  { runner, simulation: { clock }, waiting, memory }: Place,
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
  const step: Waiting = { runner, call: null, until, go }
  const woken = () => {
    waiting.splice(waiting.indexOf(step), 1)
    reject(signal?.reason as Error)
  }
  signal?.addEventListener('abort', woken, { once: true })
  waiting.push(step)
  return promise
}

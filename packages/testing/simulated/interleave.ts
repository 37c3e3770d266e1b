import type { Clock } from '@alt-las/time'
import type { Call } from '../cluster.ts'
import { each } from './passing.ts'
import type { End, Lane } from './faulty.ts'
import type { Schedule } from './schedule.ts'
import type { Simulation } from './simulation.ts'
import { turns, type Waiting } from './turns.ts'

/** What became of several runners under one schedule. */
export interface Interleaved<T> {
  /** By runner; `killed` for one that was paused for ever. */
  readonly ends: readonly End<T>[]
  readonly steps: readonly Step[]
  /** How often the turn changed. */
  readonly switches: number
}

export interface Step {
  readonly runner: number
  /** null: it slept. */
  readonly call: Call | null
  /** Virtual ms since the simulation began. */
  readonly at: number
}

/**
 * Lets several runners act on one cluster, one step (a call, or a sleep) at a time, in the order of the schedule. The same schedule gives
 * the same history. Throws where no runner can go on and none has ended: somebody waits for what is not in the simulation.
 */
export async function interleave<T>(
  simulation: Simulation,
  runners: readonly ((lane: Lane) => Promise<T>)[],
  schedule: Schedule,
): Promise<Interleaved<T>> {
  const waiting: Waiting[] = []
  const ends: (End<T> | undefined)[] = runners.map(() => undefined)
  const steps: Step[] = []
  const next = turns(schedule, runners.length)
  runners.forEach((run, runner) => {
    run(laneOf(runner, simulation, waiting)).then(
      (value) => (ends[runner] = { kind: 'returned', value }),
      (error: unknown) => (ends[runner] = { kind: 'threw', error }),
    )
  })
  for (;;) {
    await everybodyWaits()
    if (ends.every((end) => end !== undefined)) break
    const chosen = next({
      waiting,
      now: simulation.clock.elapsed(),
      ended: ends.map((end) => end !== undefined),
    })
    if (chosen === 'over') break
    if (chosen === 'stuck') throw new Error('no runner can go on, and none has ended')
    waiting.splice(waiting.indexOf(chosen), 1)
    steps.push({ runner: chosen.runner, call: chosen.call, at: simulation.clock.elapsed() })
    await chosen.go()
  }
  const switches = steps.filter((step, index) => index > 0 && step.runner !== steps[index - 1]?.runner).length
  return { ends: ends.map((end) => end ?? { kind: 'killed' }), steps, switches }
}

/** Every promise that could go on has gone on. */
const everybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function laneOf(runner: number, simulation: Simulation, waiting: Waiting[]): Lane {
  const { cluster, clock } = simulation
  return {
    cluster: each(
      (call, deed) =>
        new Promise((resolve, reject) => {
          waiting.push({ runner, call, until: null, go: () => deed(cluster).then(resolve, reject) })
        }),
    ),
    clock: {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: (ms, signal) => sleeping({ runner, clock, waiting }, ms, signal),
    },
  }
}

interface Sleeper {
  readonly runner: number
  readonly clock: Clock
  readonly waiting: Waiting[]
}

/** Time passes when the sleeper's turn comes; whoever wakes it by its signal wakes it at once. */
function sleeping({ runner, clock, waiting }: Sleeper, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return clock.sleep(0, signal)
  const until = clock.elapsed() + ms
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const go = async () => {
    signal?.removeEventListener('abort', woken)
    await clock.sleep(Math.max(0, until - clock.elapsed()), signal).then(resolve, reject)
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

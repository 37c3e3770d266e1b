import type { Call, End, Lane, Simulation } from '@alt-las/simulated-cluster'
import { startProcesses } from './processes.ts'
import type { Schedule } from './schedule.ts'
import { turns } from './turns.ts'

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
  /** null: it slept, or had nothing more to do. */
  readonly call: Call | null
  /** Virtual ms since the simulation began. */
  readonly at: number
}

/**
 * Lets several runners act on one cluster, one step (a call, or a sleep) at a time, in the order of the schedule. The same schedule gives
 * the same history. Throws if no runner can continue and none has ended: one waits for an event outside of the simulation.
 */
export async function interleave<T>(
  simulation: Simulation,
  runners: readonly ((lane: Lane) => Promise<T>)[],
  schedule: Schedule,
): Promise<Interleaved<T>> {
  const steps: Step[] = []
  const next = turns(schedule)
  const { status, ends, make } = await startProcesses(simulation, runners)
  while (!ends.every((end) => end !== undefined)) {
    const now = simulation.clock.elapsed()
    const runner = next({ statuses: runners.map((_, index) => status(index)), now })
    if (runner === 'over') break
    if (runner === 'stuck') throw new Error('no runner can go on, and none has ended')
    steps.push({ runner, call: await make(runner), at: now })
  }
  const switches = steps.filter((step, index) => index > 0 && step.runner !== steps[index - 1]?.runner).length
  return { ends: ends.map((end) => end ?? { kind: 'killed' }), steps, switches }
}

// Faults in calls, by call number: errors, lost answers, stale reads, pauses and kills.
import type { Cluster, DryRun, ServiceProxy } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import type { Call } from '../server/api-server.ts'
import type { Fault, FaultPlan } from './fault.ts'
import { each, type Passing } from './intercept.ts'
import { createPause, pausableClock } from './pause.ts'
import { lost, refused, triesMs } from './refusals.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { yesterday } from './stale-reads.ts'

/** One runner's way to the cluster. Everything that it does goes through it, so that it can be stopped for good. */
export interface Lane {
  readonly cluster: Cluster & DryRun & { readonly proxy: ServiceProxy }
  /** The virtual clock; a runner that is dead or paused never wakes on it. */
  readonly clock: Clock
}

export interface FaultyLane extends Lane {
  /** The calls that it made so far, in the order in which they were made. */
  readonly calls: readonly Call[]
  /** Settles when a fault of kind `kill` struck; what it awaits then never does. Race the runner with it: see `untilDeath`. */
  readonly dead: Promise<void>
  /** Settles when a fault of kind `pause` struck. */
  readonly paused: Promise<void>
  /** Lets a paused runner go on. */
  readonly wake: () => void
}

/** How a runner ended; one that was killed never ends by itself. */
export type End<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'killed' }

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/**
 * A cluster for one runner with faults by the number of its calls. They are thrown as the real client throws them, after the virtual time
 * that its tries take; a killed runner gets no answer any more, and nothing that it does reaches the cluster.
 */
export function faulty(simulation: Simulation, plan: FaultPlan = []): FaultyLane {
  const { cluster } = simulation
  const calls: Call[] = []
  const grave = new AbortController()
  const { promise: dead, resolve } = Promise.withResolvers<void>()
  const isDead = () => grave.signal.aborted
  const die = <T>(): Promise<T> => {
    grave.abort()
    resolve()
    return never()
  }
  const pause = createPause()
  const clock = pausableClock(mortalClock(simulation.clock, grave.signal), pause)

  const pass: Passing = async (call, operation) => {
    const over = pause.over()
    if (over !== null) await over
    if (isDead()) return never()
    calls.push(call)
    const fault = faultAt(plan, { calls: calls.length, writes: calls.filter(isWrite).length }, isWrite(call))
    const answer = fault === undefined ? await operation(cluster) : await struck(fault, call, operation)
    return isDead() ? never() : answer
  }
  const struck = async <T>(
    fault: Fault,
    call: Call,
    operation: (cluster: Lane['cluster']) => Promise<T>,
  ): Promise<T> => {
    switch (fault.kind) {
      case 'kill':
        if (fault.when === 'after') await operation(cluster).catch(() => undefined)
        return die()
      case 'pause':
        pause.begin()
        await pause.over()
        return operation(cluster)
      case 'status':
        if (fault.when === 'after') await operation(cluster).catch(() => undefined)
        await clock.sleep(triesMs(fault.status, call, fault.retryAfterMs))
        throw refused(fault.status, call)
      case 'lost':
        if (fault.when === 'after') await operation(cluster).catch(() => undefined)
        if (fault.how === 'timeout') await clock.sleep(15_000)
        throw lost(fault.how, call)
      case 'stale':
        return operation(['get', 'list'].includes(call.verb) ? yesterday(cluster, fault.writes) : cluster)
      case 'slow': {
        await clock.sleep(fault.ms / 2)
        const answer = await operation(cluster)
        await clock.sleep(fault.ms / 2)
        return answer
      }
      case 'meddle':
        fault.operation(cluster, call)
        return operation(cluster)
    }
  }
  return {
    cluster: each(pass, { isDead, woken: pause.over }),
    clock,
    calls,
    dead,
    paused: pause.begun,
    wake: pause.end,
  }
}

const isWrite = ({ verb }: Call): boolean => ['apply', 'patch', 'remove'].includes(verb)

function faultAt(
  plan: FaultPlan,
  count: Readonly<Record<'calls' | 'writes', number>>,
  writes: boolean,
): Fault | undefined {
  return plan.find(({ at, times = 1, of = 'calls' }) => {
    const number = count[of]
    return (writes || of === 'calls') && number >= at && number < at + times
  })?.fault
}

/** A dead process sleeps for ever, and lets no time pass. */
function mortalClock(clock: Clock, grave: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    sleep: async (ms, signal) => {
      if (grave.aborted) return never()
      try {
        await clock.sleep(ms, signal === undefined ? grave : AbortSignal.any([signal, grave]))
      } catch (error) {
        if (grave.aborted) return never()
        throw error
      }
    },
  }
}

/** Plays a runner to its end, or to its death. */
export async function untilDeath<T>(lane: FaultyLane, run: (lane: Lane) => Promise<T>): Promise<End<T>> {
  const ended = run(lane).then(
    (value): End<T> => ({ kind: 'returned', value }),
    (error: unknown): End<T> => ({ kind: 'threw', error }),
  )
  return Promise.race([ended, lane.dead.then((): End<T> => ({ kind: 'killed' }))])
}

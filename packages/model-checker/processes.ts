import { type Call, each, type End, type Lane, type Simulation } from '@alt-las/simulated-cluster'
import { createInbox, type Inbox } from './inbox.ts'
import { noRecorder, type HistoryRecorder } from './process-history.ts'
import { firstOf, type ProcessStatus, type PendingStep } from './turns.ts'

/** Several runners at one cluster, each before its next step. */
export interface Processes<T> {
  readonly status: (runner: number) => ProcessStatus
  /** By runner; undefined while it goes on. */
  readonly ends: readonly (End<T> | undefined)[]
  /** By runner: the undelivered events of its watches, as one hash. */
  readonly inbox: (runner: number) => string
  /**
   * This runner receives what has happened, makes the next of its steps, and lets every promise go on that can. Returns the call that it
   * made; null: it slept, or what it heard has left it nothing to do.
   */
  make(runner: number): Promise<Call | null>
}

/** A step is one call to the cluster or one sleep; `recorders` keep the inputs of each runner. */
export async function startProcesses<T>(
  simulation: Simulation,
  runners: readonly ((lane: Lane) => Promise<T>)[],
  recorders: readonly HistoryRecorder[] = [],
): Promise<Processes<T>> {
  const ends: (End<T> | undefined)[] = runners.map(() => undefined)
  const processes = runners.map((_, runner): RunningProcess => {
    const recorder = recorders[runner] ?? noRecorder
    return { simulation, recorder, inbox: createInbox(recorder), steps: [] }
  })
  const turn = (runner: number | null): void => {
    processes.forEach(({ inbox }, index) => {
      inbox.turn(index === runner)
    })
  }
  runners.forEach((run, runner) => {
    run(laneOf(processes[runner] as RunningProcess)).then(
      (value) => (ends[runner] = { kind: 'returned', value }),
      (error: unknown) => (ends[runner] = { kind: 'threw', error }),
    )
  })
  await allSettled()
  return {
    ends,
    inbox: (runner) => processes[runner]?.inbox.name() ?? '',
    status: (runner) => {
      const { steps, inbox } = processes[runner] as RunningProcess
      return { hasEnded: ends[runner] !== undefined, pending: steps, hasMessages: inbox.hasMessages() }
    },
    make: async (runner) => {
      const { steps, inbox } = processes[runner] as RunningProcess
      const hasMessages = inbox.hasMessages()
      turn(runner)
      if (hasMessages) await allSettled()
      const step = firstOf(steps)
      if (step === undefined) return null
      steps.splice(steps.indexOf(step), 1)
      await step.go()
      await allSettled()
      return step.call
    },
  }
}

/** Every promise that could go on has gone on. */
const allSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One that can be made. */
interface Step extends PendingStep {
  /** null: it sleeps. */
  readonly call: Call | null
  readonly go: () => Promise<void>
}

/** What is one runner's own. */
interface RunningProcess {
  readonly simulation: Simulation
  readonly recorder: HistoryRecorder
  readonly inbox: Inbox
  /** Those that it wants to make now. */
  readonly steps: Step[]
}

function laneOf(own: RunningProcess): Lane {
  const { steps, recorder, inbox } = own
  const { cluster, clock } = own.simulation
  const make = (call: Call, made: Promise<unknown>, { resolve, reject }: Settle): Promise<void> =>
    made.then(
      (answer) => {
        recorder.told(call.verb, call.verb === 'watch' ? '' : answer)
        resolve(answer)
      },
      (error: unknown) => {
        recorder.told(call.verb, error)
        reject(error)
      },
    )
  const lane = each((call, operation) => {
    const { promise, resolve, reject } = Promise.withResolvers<never>()
    const go = () => make(call, operation(cluster), { resolve: resolve as Settle['resolve'], reject })
    steps.push({ call, until: null, go })
    return promise
  })
  const elapsed = (): number => {
    recorder.looked(clock.elapsed())
    return clock.elapsed()
  }
  return {
    cluster: {
      ...lane,
      watch: (at, signal) => inbox.heard(at, (until) => lane.watch(at, until), signal) as never,
    },
    clock: {
      now: () => {
        elapsed()
        return clock.now()
      },
      elapsed,
      sleep: (ms, signal) => sleeping(own, { ms, until: elapsed() + ms }, signal),
    },
  }
}

interface Settle {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Time passes when the sleeper's turn comes; its signal wakes it at once. */
function sleeping(
  { simulation: { clock }, steps, recorder }: RunningProcess,
  { ms, until }: { readonly ms: number; readonly until: number },
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted === true) return clock.sleep(0, signal)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const go = async () => {
    signal?.removeEventListener('abort', woken)
    const left = Math.min(ms, Math.max(0, until - clock.elapsed()))
    await clock.sleep(left, signal).then(() => {
      recorder.woke()
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

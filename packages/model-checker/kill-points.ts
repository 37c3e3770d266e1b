import {
  type Call,
  type End,
  faulty,
  type Lane,
  type Simulation,
  type Snapshot,
} from '@alt-las/simulated-cluster'

/** The world as a runner left it that died at this call. */
export interface KillPoint {
  /** Number of the call, beginning with 1. */
  readonly at: number
  readonly call: Call
  readonly when: 'before' | 'after'
  readonly snapshot: Snapshot
}

export interface Played<T> {
  readonly end: End<T>
  readonly points: readonly KillPoint[]
}

/**
 * Plays a runner once, undisturbed, and keeps the world before and after each of its calls (`until`: no further than that call): to see
 * what becomes of one that is killed there, begin a fresh runner with the snapshot; nothing has to be played again.
 */
export async function killPoints<T>(
  simulation: Simulation,
  run: (lane: Lane) => Promise<T>,
  until = Infinity,
): Promise<Played<T>> {
  const points: KillPoint[] = []
  const lane = faulty(simulation)
  const { hooks } = simulation.cluster
  const { beforeCall, afterCall } = hooks
  let count = 0
  const numbers = new Map<Call, number>()
  const keep = (call: Call, at: number, when: KillPoint['when']) => {
    if (at <= until) points.push({ at, call, when, snapshot: simulation.snapshot() })
  }
  hooks.beforeCall = (call) => {
    numbers.set(call, (count += 1))
    keep(call, count, 'before')
    return beforeCall?.(call)
  }
  hooks.afterCall = (call) => {
    keep(call, numbers.get(call) ?? count, 'after')
    return afterCall?.(call)
  }
  try {
    const value = await run(lane)
    return { points, end: { kind: 'returned', value } }
  } catch (error) {
    return { points, end: { kind: 'threw', error } }
  } finally {
    restore(hooks, { beforeCall, afterCall })
  }
}

type Hooks = Simulation['cluster']['hooks']

function restore(
  hooks: Hooks,
  { beforeCall, afterCall }: Pick<{ [K in keyof Hooks]: Hooks[K] | undefined }, 'beforeCall' | 'afterCall'>,
): void {
  if (beforeCall === undefined) delete hooks.beforeCall
  else hooks.beforeCall = beforeCall
  if (afterCall === undefined) delete hooks.afterCall
  else hooks.afterCall = afterCall
}

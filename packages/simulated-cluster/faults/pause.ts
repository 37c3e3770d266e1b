import type { Clock } from '@alt-las/time'

/** A runner that stands still, as if its machine slept, until it is woken. */
export interface Pause {
  /** Settles when it has begun. */
  readonly begun: Promise<void>
  readonly begin: () => void
  readonly end: () => void
  /** Settles when it is over; null while there is none, so that nothing is put off by a turn. */
  readonly over: () => Promise<void> | null
}

export function createPause(): Pause {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  let current: PromiseWithResolvers<void> | null = null
  return {
    begun,
    begin: () => {
      current = Promise.withResolvers<void>()
      resolve()
    },
    end: () => {
      current?.resolve()
      current = null
    },
    over: () => current?.promise ?? null,
  }
}

/** A process that wakes in a pause continues after it. */
export function pausableClock(clock: Clock, pause: Pause): Clock {
  return {
    ...clock,
    sleep: async (ms, signal) => {
      try {
        await clock.sleep(ms, signal)
      } finally {
        const over = pause.over()
        if (over !== null) await over
      }
    },
  }
}

import type { Clock } from '@alt-las/time'

/** A runner that stands still, as if its machine slept, until it is woken. */
export interface Pause {
  /** Settles when it has begun. */
  readonly begun: Promise<void>
  readonly begin: () => void
  readonly end: () => void
  /** Settles at once while there is none. */
  readonly over: () => Promise<void>
}

export function createPause(): Pause {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  let current = { promise: Promise.resolve(), resolve: (): void => undefined }
  return {
    begun,
    begin: () => {
      current = Promise.withResolvers<void>()
      resolve()
    },
    end: () => {
      current.resolve()
    },
    over: () => current.promise,
  }
}

/** Whoever wakes in a pause goes on when it is over. */
export function pausableClock(clock: Clock, pause: Pause): Clock {
  return {
    ...clock,
    sleep: async (ms, signal) => {
      try {
        await clock.sleep(ms, signal)
      } finally {
        await pause.over()
      }
    },
  }
}

import { setTimeout as delay } from 'node:timers/promises'

/** Time as a port: all code that waits or measures takes one, so that tests never wait. */
export interface Clock {
  /** Wall time, milliseconds since 1970: for documents, never for deadlines. */
  now(): number
  /** Monotonic milliseconds from an arbitrary start: for deadlines and durations. */
  elapsed(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted()
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}

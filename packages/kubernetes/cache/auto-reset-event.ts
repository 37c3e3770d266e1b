import type { Clock } from '@alt-las/time'

/** Signals one waiter, and stays set until someone has waited for it. */
export interface AutoResetEvent {
  readonly set: () => void
  /** Resolves at once where it is set, else as soon as it is, or after `ms`; then it is reset. Rejects with the signal's reason. */
  wait(
    ms: number,
    options: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
  ): Promise<void>
}

export function createAutoResetEvent(): AutoResetEvent {
  let next = Promise.withResolvers<void>()
  let isSet = false
  return {
    set: () => {
      isSet = true
      next.resolve()
    },
    wait: async (ms, { clock, signal }) => {
      const over = new AbortController()
      const mine = next
      const sleep = clock.sleep(
        ms,
        AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]),
      )
      try {
        await Promise.race([mine.promise, sleep])
      } finally {
        over.abort()
        if (isSet && next === mine) {
          next = Promise.withResolvers<void>()
          isSet = false
        }
      }
    },
  }
}
